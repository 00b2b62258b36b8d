package io.tidemark.porcupine.model;

import io.tidemark.porcupine.Model;
import java.util.Set;

final class VersionedKvExamples
    extends Examples<Set<VersionedKv.State>, VersionedKv.Input, VersionedKv.Output> {
  VersionedKvExamples() {
    VersionedKv.Input get = new VersionedKv.Get("k");
    legal(
        "revisions skip, versions count",
        hand()
            .then(put("a"), new VersionedKv.Written(5))
            .then(put("b"), new VersionedKv.Written(9))
            .then(get, new VersionedKv.Found("b", 9, 2))
            .then(new VersionedKv.Delete("k"), new VersionedKv.Deleted(true))
            .then(get, new VersionedKv.Missing())
            .then(putIf(0, "c"), new VersionedKv.Written(12))
            .then(get, new VersionedKv.Found("c", 12, 1)));
    legal(
        "the revision of a lost write is learnt by a read",
        hand()
            .lost(put("a"))
            .then(get, new VersionedKv.Found("a", 3, 1))
            .then(putIf(3, "b"), new VersionedKv.Written(4)));
    legal(
        "a lost conditional write on a lost write may or may not happen",
        hand()
            .lost(put("a"))
            .then(get, new VersionedKv.Found("a", 3, 1))
            .lost(putIf(3, "b"))
            .then(get, new VersionedKv.Found("a", 3, 1))
            .then(get, new VersionedKv.Found("b", 4, 2)));
    illegal(
        "a refusal of the right revision of a lost write",
        hand()
            .lost(put("a"))
            .then(putIf(0, "c"), new VersionedKv.Refused())
            .then(putIf(3, "b"), new VersionedKv.Refused())
            .then(get, new VersionedKv.Found("a", 3, 1)));
    illegal(
        "a revision that does not grow",
        hand()
            .then(put("a"), new VersionedKv.Written(5))
            .then(put("b"), new VersionedKv.Written(5)));
    illegal(
        "both of two rivals win",
        hand()
            .then(put("a"), new VersionedKv.Written(5))
            .at(100, 200, putIf(5, "b"), new VersionedKv.Written(6))
            .at(100, 200, putIf(5, "c"), new VersionedKv.Written(7)));
    illegal(
        "a version that survives deletion",
        hand()
            .then(put("a"), new VersionedKv.Written(5))
            .then(new VersionedKv.Delete("k"), new VersionedKv.Deleted(true))
            .then(put("b"), new VersionedKv.Written(7))
            .then(get, new VersionedKv.Found("b", 7, 2)));
    illegal(
        "a value with the revision of another",
        hand()
            .then(put("a"), new VersionedKv.Written(5))
            .then(put("b"), new VersionedKv.Written(6))
            .then(get, new VersionedKv.Found("b", 5, 2)));
  }

  @Override
  Class<?> about() {
    return VersionedKv.class;
  }

  @Override
  Model<Set<VersionedKv.State>, VersionedKv.Input, VersionedKv.Output> model() {
    return new VersionedKv().toModel();
  }

  private static VersionedKv.Input put(String value) {
    return new VersionedKv.Put("k", value);
  }

  private static VersionedKv.Input putIf(long revision, String value) {
    return new VersionedKv.PutIf("k", revision, value);
  }

  private static Hand<VersionedKv.Input, VersionedKv.Output> hand() {
    return new Hand<>();
  }
}
