package io.tidemark.verify;

/// There are keys that begin with the plan's prefix. No load was begun and nothing was changed.
public final class KeysExistException extends RuntimeException {
  private static final long serialVersionUID = 1;

  KeysExistException(String prefix) {
    super("there are keys that begin with " + prefix + ": name another prefix, or remove them");
  }
}
