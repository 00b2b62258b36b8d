package io.tidemark.porcupine.engine;

import io.tidemark.porcupine.Operation;
import io.tidemark.porcupine.Outcome;
import io.tidemark.porcupine.RegisterAccess;
import io.tidemark.porcupine.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides registers whose written values are all different, in O(n log n) (Gibbons and Korach).
///
/// A write and the reads of its value form a *cluster*, and a linearization keeps each together.
/// Let `f` be a cluster's first return and `s` its last call. If `f < s`, the value must have been
/// there from `f` to `s`: a forward zone. Otherwise all its operations overlap in `[s, f]`, and any
/// moment of this backward zone will do for all of them.
///
/// ```text
///   forward   |--write--|  f············s  |--read--|
///   backward  |---write---s===f--|
///                         |---read---|
/// ```
///
/// The register is linearizable exactly if no read ends before its write begins, no two forward
/// zones overlap, and no backward zone lies within a forward zone.
public final class Zones {
  private final Problem<?, ?, ?> problem;

  /// Per operation, its cluster; cluster 0 is the initial value, which has no write.
  private final int[] clusterOf;

  // Per cluster.
  private final int[] write;
  private final int[] firstReturned;
  private final int[] lastCalled;
  private final int[] members;
  private int clusters = 1;

  private Zones(Problem<?, ?, ?> problem) {
    int n = problem.size();
    this.problem = problem;
    this.clusterOf = new int[n];
    this.write = new int[n + 1];
    this.firstReturned = new int[n + 1];
    this.lastCalled = new int[n + 1];
    this.members = new int[n + 1];
    write[0] = -1;
    firstReturned[0] = -1;
    lastCalled[0] = -1;
  }

  /// Why a register is not linearizable: at most six operations that contradict each other.
  ///
  /// @param kind what they show
  /// @param operations their numbers, without doubles
  public record Conflict(Kind kind, List<Integer> operations) {
    /// The ways to be wrong.
    public enum Kind {
      /// The one operation read a value that nobody wrote.
      NEVER_WRITTEN,
      /// The first operation read the value of the second, which was called only later.
      READ_BEFORE_WRITE,
      /// The operations of two values, so mixed that neither value can come before the other.
      INTERLEAVED
    }
  }

  /// What was found.
  ///
  /// @param found the verdict
  /// @param conflict if illegal, why
  public record Result(Found found, @Nullable Conflict conflict) {}

  /// Decides, or answers with nothing if this is not a register with unique values: some call is
  /// neither read nor write, two writes write the same, one writes the initial value, or the answer
  /// of a read is not known.
  public static <I, O> Optional<Result> run(Problem<?, I, O> problem) {
    RegisterAccess<I, O> access = problem.model.registerAccess();
    if (access == null || !problem.init.equals(problem.model.init())) {
      return Optional.empty();
    }
    return new Zones(problem).decide(problem.operations, access);
  }

  private <I, O> Optional<Result> decide(
      List<Operation<I, O>> operations, RegisterAccess<I, O> access) {
    Map<Object, Integer> byValue = new HashMap<>(operations.size() * 2);
    byValue.put(access.initial(), 0);
    boolean[] reads = new boolean[operations.size()];
    for (int i = 0; i < operations.size(); i++) {
      Operation<I, O> operation = operations.get(i);
      switch (access.kind(operation.input(), operation.output())) {
        case WRITE -> {
          Object value = access.value(operation.input(), operation.output());
          if (byValue.putIfAbsent(value, clusters) != null) {
            return Optional.empty();
          }
          write[clusters] = i;
          firstReturned[clusters] = i;
          lastCalled[clusters] = i;
          members[clusters] = 1;
          clusterOf[i] = clusters++;
        }
        case READ -> {
          if (operation.output() == null) {
            return Optional.empty();
          }
          reads[i] = true;
        }
        case OTHER -> {
          return Optional.empty();
        }
      }
    }
    for (int i = 0; i < operations.size(); i++) {
      if (reads[i]) {
        Operation<I, O> read = operations.get(i);
        Integer cluster = byValue.get(access.value(read.input(), read.output()));
        if (cluster == null) {
          return illegal(Conflict.Kind.NEVER_WRITTEN, i);
        }
        if (!join(i, cluster)) {
          return illegal(Conflict.Kind.READ_BEFORE_WRITE, i, write[cluster]);
        }
      }
    }
    return Optional.of(compareZones());
  }

  private boolean join(int read, int cluster) {
    clusterOf[read] = cluster;
    members[cluster]++;
    if (firstReturned[cluster] < 0 || ret(read) < ret(firstReturned[cluster])) {
      firstReturned[cluster] = read;
    }
    if (lastCalled[cluster] < 0 || call(read) > call(lastCalled[cluster])) {
      lastCalled[cluster] = read;
    }
    return cluster == 0 || ret(read) >= call(write[cluster]);
  }

  private Result compareZones() {
    int[] forward = forwardByStart();
    for (int i = 1; i < forward.length; i++) {
      if (from(forward[i]) < to(forward[i - 1])) {
        return interleaved(forward[i - 1], forward[i]);
      }
    }
    long[] starts = Arrays.stream(forward).mapToLong(this::from).toArray();
    long[] momentOf = new long[clusters];
    for (int cluster = 0; cluster < clusters; cluster++) {
      momentOf[cluster] = from(cluster);
      if (isBackward(cluster)) {
        // The last forward zone that begins before this zone does.
        int at = lowerBound(starts, to(cluster)) - 1;
        boolean inside = at >= 0 && to(cluster) < to(forward[at]);
        if (inside && from(cluster) < to(forward[at])) {
          return interleaved(forward[at], cluster);
        }
        momentOf[cluster] = inside ? to(forward[at]) : to(cluster);
      }
    }
    return new Result(Found.legal(order(momentOf), 0, 0, bytes()), null);
  }

  private int[] forwardByStart() {
    int[] forward = new int[clusters];
    long[] starts = new long[clusters];
    int count = 0;
    for (int cluster = 0; cluster < clusters; cluster++) {
      if (from(cluster) < to(cluster)) {
        forward[count] = cluster;
        starts[count++] = from(cluster);
      }
    }
    int[] sorted = Order.by(Arrays.copyOf(starts, count));
    for (int i = 0; i < count; i++) {
      sorted[i] = forward[sorted[i]];
    }
    return sorted;
  }

  /// The first index whose value is not less than the key.
  private static int lowerBound(long[] sorted, long key) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Clusters by their moments, at one moment backward zones first; in each the write, then the
  /// reads by call. Indefinite writes that nobody read are left out: they need not have happened.
  private Sequence order(long[] momentOf) {
    int[] byMoment = Order.by(momentOf);
    int[] place = new int[clusters];
    int size = 0;
    for (int low = 0, high; low < clusters; low = high) {
      for (high = low; high < clusters && momentOf[byMoment[high]] == momentOf[byMoment[low]]; ) {
        high++;
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int i = low; i < high; i++) {
          int cluster = byMoment[i];
          if (isBackward(cluster) == (pass == 0) && !isSilent(cluster)) {
            place[cluster] = size;
            size += members[cluster];
          }
        }
      }
    }
    int[] order = new int[size];
    for (int cluster = 1; cluster < clusters; cluster++) {
      if (!isSilent(cluster)) {
        order[place[cluster]++] = write[cluster];
      }
    }
    for (int i = 0; i < clusterOf.length; i++) {
      if (write[clusterOf[i]] != i) {
        order[place[clusterOf[i]]++] = i;
      }
    }
    return Sequence.copyOf(order, size);
  }

  /// The first return of a cluster: where a forward zone begins and a backward zone ends.
  private long from(int cluster) {
    return cluster == 0 ? Long.MIN_VALUE : ret(firstReturned[cluster]);
  }

  /// The last call of a cluster: where a forward zone ends and a backward zone begins.
  private long to(int cluster) {
    return lastCalled[cluster] < 0 ? Long.MIN_VALUE : call(lastCalled[cluster]);
  }

  private boolean isBackward(int cluster) {
    return cluster > 0 && from(cluster) >= to(cluster);
  }

  private boolean isSilent(int cluster) {
    return members[cluster] == 0
        || (members[cluster] == 1
            && cluster > 0
            && problem.operations.get(write[cluster]).outcome() == Outcome.INFO);
  }

  private long call(int operation) {
    return problem.operations.get(operation).call();
  }

  private long ret(int operation) {
    return problem.operations.get(operation).ret();
  }

  private Result interleaved(int one, int other) {
    List<Integer> operations = new ArrayList<>();
    for (int cluster : new int[] {one, other}) {
      for (int operation :
          new int[] {write[cluster], firstReturned[cluster], lastCalled[cluster]}) {
        if (operation >= 0 && !operations.contains(operation)) {
          operations.add(operation);
        }
      }
    }
    return new Result(
        Found.illegal(0, 0, bytes()), new Conflict(Conflict.Kind.INTERLEAVED, operations));
  }

  private Optional<Result> illegal(Conflict.Kind kind, Integer... operations) {
    return Optional.of(
        new Result(Found.illegal(0, 0, bytes()), new Conflict(kind, List.of(operations))));
  }

  private long bytes() {
    return 4L * (clusterOf.length + 4L * write.length) + 48L * clusters;
  }
}
