package io.tidemark.verify;

/// Which operations a load consists of.
public enum Family {
  /// Operations of one key each. Checked key by key by a search that trusts no number that a server
  /// told.
  SINGLE_KEY
}
