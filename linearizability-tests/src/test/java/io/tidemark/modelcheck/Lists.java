package io.tidemark.modelcheck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Lists that are values: what changes them makes new ones.
final class Lists {
  private Lists() {}

  static <T> List<T> with(List<T> list, int index, T element) {
    var changed = new ArrayList<>(list);
    changed.set(index, element);
    return Collections.unmodifiableList(changed);
  }

  static <T> List<T> plus(List<T> list, T element) {
    var longer = new ArrayList<>(list);
    longer.add(element);
    return Collections.unmodifiableList(longer);
  }
}
