package io.tidemark.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The network: a link in each direction between any two nodes, with latency, loss and partitions.
final class SimNet {
  /// How the network behaves.
  ///
  /// @param latencyNanosMin what every message takes
  /// @param latencyNanosSpread what it takes beyond that, at most, as a rule
  /// @param slowPercent how many of a hundred messages take up to fifty times as long
  /// @param lossPercent how many of a hundred single messages are lost
  record Weather(long latencyNanosMin, long latencyNanosSpread, int slowPercent, int lossPercent) {}

  private record Way(int from, int to) {}

  private final SimWorld world;
  private final SimRandom random;
  private final Weather weather;
  private final Set<Way> blocked = new LinkedHashSet<>();
  private final Map<Way, List<Pipe>> waiting = new HashMap<>();
  private boolean lossy = true;
  private long lost;
  private long delayed;

  SimNet(SimWorld world, Weather weather) {
    this.world = world;
    this.weather = weather;
    this.random = world.random("net");
  }

  /// Lets nothing through in this direction until [#heal()].
  void block(SimNode from, SimNode to) {
    world.trace().add(Trace.Kind.NODE, 10 + from.number(), to.number());
    blocked.add(new Way(from.number(), to.number()));
  }

  boolean isBlocked(SimNode from, SimNode to) {
    return blocked.contains(new Way(from.number(), to.number()));
  }

  /// Opens this direction; what connections held back is sent now.
  void unblock(SimNode from, SimNode to) {
    var way = new Way(from.number(), to.number());
    if (blocked.contains(way)) {
      world.trace().add(Trace.Kind.NODE, 20 + from.number(), to.number());
      open(way);
    }
  }

  private void open(Way way) {
    blocked.remove(way);
    List<Pipe> held = waiting.remove(way);
    if (held != null) {
      held.forEach(Pipe::unblocked);
    }
  }

  /// Opens every way, and loses nothing from here on.
  void heal() {
    lossy = false;
    List.copyOf(blocked).forEach(this::open);
  }

  /// Whether nothing goes wrong any more.
  boolean isHealed() {
    return !lossy;
  }

  /// How many messages were lost.
  long lost() {
    return lost;
  }

  /// How many messages waited for a partition to end.
  long delayed() {
    return delayed;
  }

  /// One message on its own: it may be lost, and overtakes others. `arrive` runs in a thread of the
  /// receiver, unless the receiver crashed before.
  void send(SimNode from, SimNode to, String what, Runnable arrive) {
    world.trace().add(Trace.Kind.SEND, what, to.number());
    if (isBlocked(from, to) || (lossy && random.percent(weather.lossPercent))) {
      lost++;
      return;
    }
    world.after(
        latency(),
        () -> {
          if (isBlocked(from, to)) {
            lost++;
          } else {
            world.trace().add(Trace.Kind.ARRIVE, what, to.number());
            to.spawn(what, arrive);
          }
        });
  }

  /// A way for messages that arrive in order and once, or not at all after it was cut: one
  /// direction of a connection.
  Pipe pipe(SimNode from, SimNode.Life to) {
    return new Pipe(from, to);
  }

  private long latency() {
    long nanos = weather.latencyNanosMin + random.nextLong(weather.latencyNanosSpread + 1);
    if (lossy && random.percent(weather.slowPercent)) {
      nanos += random.nextLong(50 * (weather.latencyNanosSpread + 1));
    }
    return nanos;
  }

  /// One direction of a connection, from a life of one node to a life of another.
  final class Pipe {
    private final SimNode to;
    private final Way way;
    private final SimNode.Life receiver;
    private final ArrayDeque<Message> underWay = new ArrayDeque<>();
    private final ArrayDeque<Runnable> arrived = new ArrayDeque<>();
    private boolean draining;
    private boolean waits;
    private boolean cut;
    private double survival;

    private static final class Message {
      private final String what;
      private final Runnable arrive;
      private boolean ripe;

      private Message(String what, Runnable arrive) {
        this.what = what;
        this.arrive = arrive;
      }
    }

    private Pipe(SimNode from, SimNode.Life receiver) {
      this.to = receiver.node();
      this.way = new Way(from.number(), to.number());
      this.receiver = receiver;
    }

    /// Sends a message; `arrive` runs in a thread of the receiver, after those sent before.
    void send(String what, Runnable arrive) {
      if (cut) {
        return;
      }
      world.trace().add(Trace.Kind.SEND, what, to.number());
      var message = new Message(what, arrive);
      underWay.add(message);
      world.after(
          latency(),
          () -> {
            message.ripe = true;
            flush();
          });
    }

    /// Nothing more is sent. Each message that is on its way is lost, or arrives all the same, even
    /// late, with this probability.
    void cut(double survivalProbability) {
      cut = true;
      survival = survivalProbability;
    }

    private void flush() {
      Message next;
      while ((next = underWay.peek()) != null && next.ripe) {
        if (blocked.contains(way)) {
          delayed++;
          // The transport sends it again and again.
          if (!waits) {
            waits = true;
            waiting.computeIfAbsent(way, _ -> new ArrayList<>()).add(this);
          }
          return;
        }
        underWay.remove();
        arrive(next);
      }
    }

    private void unblocked() {
      waits = false;
      world.after(latency(), this::flush);
    }

    private void arrive(Message message) {
      if (cut && !random.chance(survival)) {
        lost++;
        return;
      }
      world.trace().add(Trace.Kind.ARRIVE, message.what, to.number());
      arrived.add(message.arrive);
      if (!draining) {
        draining = true;
        receiver.spawn("pipe", this::drain);
      }
    }

    private void drain() {
      Runnable next;
      while ((next = arrived.poll()) != null) {
        next.run();
      }
      draining = false;
    }
  }
}
