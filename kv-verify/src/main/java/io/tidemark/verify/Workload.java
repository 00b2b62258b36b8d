package io.tidemark.verify;

import io.tidemark.client.TidemarkException;
import io.tidemark.porcupine.Fault;
import java.util.ArrayList;
import java.util.List;

/// A load on a live cluster, from [#start] to [#finish].
///
/// ```java
/// try (var load = Workload.start(Plan.of(endpoints, Family.SINGLE_KEY, seed))) {
///   var kill = load.fault("kill", "replica b");
///   ...
///   kill.end();
///   load.stop();
///   Judgement judgement = load.finish().judge(Demands.withFaults());
/// }
/// ```
///
/// Any thread may call. The clients are virtual threads; [#close] lets go of them and of their
/// connections.
public final class Workload implements AutoCloseable {
  private final Family family;
  private final Connections connections;
  private final Crew<?, ?> crew;
  private final List<Fault> faults = new ArrayList<>();
  private final List<Injection> open = new ArrayList<>();

  private Workload(Plan plan) {
    this.family = plan.family();
    this.connections = new Connections();
    this.crew = new Crew<>(plan, Mix.of(family), connections);
  }

  /// Reads every key on every replica, where all must be missing, and sets the clients going.
  ///
  /// @throws TidemarkException if a replica does not answer
  /// @throws KeysExistException if a key begins with the plan's prefix
  public static Workload start(Plan plan) {
    var workload = new Workload(plan);
    try {
      workload.crew.start();
    } catch (TidemarkException | KeysExistException failure) {
      workload.close();
      throw failure;
    }
    return workload;
  }

  /// How far it has come.
  public Progress progress() {
    return crew.progress();
  }

  /// Whether nothing more is sent, because the plan's number of operations was had.
  public boolean isExhausted() {
    return crew.isExhausted();
  }

  /// Notes that a fault begins; call it just before. Faults of one kind are judged together.
  ///
  /// @param kind what it is, in a word or two
  /// @param text whom it hits, and how
  public Injection fault(String kind, String text) {
    var injection = new Injection(kind, text);
    synchronized (open) {
      open.add(injection);
    }
    return injection;
  }

  /// Lets every client finish what it is at, and waits for them. Does nothing the second time.
  public void stop() throws InterruptedException {
    crew.stop();
  }

  /// Stops, writes one key more as a barrier, reads every key on every replica, and tells all that
  /// was recorded. Heal the cluster first: what is not answered within a minute is missing from the
  /// record, which is then invalid. Faults that were not ended end here.
  public Recording finish() throws InterruptedException {
    stop();
    endFaults();
    crew.readEverything();
    return recording();
  }

  /// What was recorded so far.
  public Recording recording() {
    synchronized (open) {
      return new Recording(family, crew.evidence(faults));
    }
  }

  /// Removes every key of the load, and returns how many there were.
  ///
  /// @throws TidemarkException if that failed
  public long removeKeys() {
    return crew.removeKeys();
  }

  /// Ends every request under way and lets go of the connections.
  @Override
  public void close() {
    crew.cancel();
    connections.close();
  }

  private void endFaults() {
    List<Injection> left;
    synchronized (open) {
      left = List.copyOf(open);
    }
    left.forEach(Injection::end);
  }

  /// A fault that is under way.
  public final class Injection implements AutoCloseable {
    private final String kind;
    private final String text;
    private final long fromNanos = System.nanoTime();

    private Injection(String kind, String text) {
      this.kind = kind;
      this.text = text;
    }

    /// Notes that it is over; call it just after. Does nothing the second time.
    public void end() {
      synchronized (open) {
        if (open.remove(this)) {
          faults.add(new Fault(fromNanos, System.nanoTime(), kind, text));
        }
      }
    }

    @Override
    public void close() {
      end();
    }
  }
}
