package io.tidemark.verify;

/// Which operations a load consists of. The two are never mixed: a check that splits a history by
/// key is wrong about one whose transactions span keys.
public enum Family {
  /// Operations of one key each. Checked key by key, by a search that trusts no revision that a
  /// server told; and once more as a whole, by the order of those revisions.
  SINGLE_KEY("single-key"),
  /// Transactions, batches and ranges over several keys, beside single ones. Checked as a whole, by
  /// the order of the revisions that the servers told, and by a search where that order is wrong.
  MULTI_KEY("multi-key");

  private final String label;

  Family(String label) {
    this.label = label;
  }

  /// The name, as people write it: `single-key`.
  public String label() {
    return label;
  }
}
