package io.tidemark.log.faults;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A gRPC proxy for any service, which does to whole calls what a network, a proxy or a client
/// library may do. It knows methods by name and messages as bytes.
///
/// Faults befall unary calls alone; streams pass. A call that is not passed on as it came is sent
/// without its deadline and outlives its caller, as a request does that is on its way.
public final class CallProxy implements AutoCloseable {
  /// What becomes of a call.
  public enum Fate {
    /// It passes as it came, and ends when its caller ends it.
    PASSED,
    /// It is done, and its answer is lost: the caller hears nothing.
    ANSWER_LOST,
    /// It is done twice, the second time a little later; the caller gets the first answer.
    SENT_TWICE,
    /// It is kept and then delivered, whether or not the caller still waits.
    SENT_LATE,
    /// It is done at once, and its answer comes late.
    ANSWERED_LATE
  }

  /// How likely which fate is, for the methods whose full name ends so.
  ///
  /// @param method the end of the names
  /// @param fate what may befall them
  /// @param share of the calls, from 0 to 1
  /// @param latenessMax how late or how much later it is at most; a random time from a half of it
  public record Plan(String method, Fate fate, double share, Duration latenessMax) {}

  /// A fault that took effect.
  ///
  /// @param method the full name of the method
  /// @param fate what befell the call
  /// @param fromNanos when the call came, by [System#nanoTime]
  /// @param toNanos when its fate was complete
  public record Befallen(String method, Fate fate, long fromNanos, long toNanos) {}

  private static final int MESSAGE_BYTES_MAX = 64 << 20;
  private static final int BEFALLEN_MAX = 100_000;

  // Callers that vanish are what it is for; the library would print a page for each.
  private static final Logger QUIETED =
      Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");

  private final ManagedChannel channel;
  private final Server server;
  private final Random random;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final List<Befallen> befallen = new ArrayList<>();
  private volatile List<Plan> plans = List.of();

  private CallProxy(InetSocketAddress listen, InetSocketAddress target, long seed)
      throws IOException {
    QUIETED.setLevel(Level.OFF);
    this.random = new Random(seed);
    this.channel =
        NettyChannelBuilder.forAddress(target)
            .usePlaintext()
            .directExecutor()
            .disableRetry()
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .build();
    this.server =
        NettyServerBuilder.forAddress(listen)
            .directExecutor()
            .fallbackHandlerRegistry(new AnyMethod())
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .build()
            .start();
  }

  /// Listens there and calls the target; the seed decides whom a fault befalls.
  public static CallProxy between(InetSocketAddress listen, InetSocketAddress target, long seed)
      throws IOException {
    return new CallProxy(listen, target, seed);
  }

  /// Where it listens.
  public int port() {
    return server.getPort();
  }

  /// What befalls calls from here on; the first plan of a method that draws its share decides.
  public void plan(Plan... faults) {
    plans = List.of(faults);
  }

  /// The faults that took effect so far: an answer was lost, a call was delivered a second time or
  /// late, or answered late.
  public List<Befallen> befallen() {
    synchronized (befallen) {
      return List.copyOf(befallen);
    }
  }

  private void record(String method, Fate fate, long fromNanos) {
    synchronized (befallen) {
      if (befallen.size() < BEFALLEN_MAX) {
        befallen.add(new Befallen(method, fate, fromNanos, System.nanoTime()));
      }
    }
  }

  private @Nullable Plan draw(String method) {
    for (Plan plan : plans) {
      synchronized (random) {
        if (method.endsWith(plan.method()) && random.nextDouble() < plan.share()) {
          return plan;
        }
      }
    }
    return null;
  }

  private void later(Plan plan, Runnable task) {
    long most = plan.latenessMax().toNanos();
    long nanos;
    synchronized (random) {
      nanos = most == 0 ? 0 : random.nextLong(most / 2, most);
    }
    var _ = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /// Stops both sides; calls under way end.
  @Override
  public void close() {
    server.shutdownNow();
    channel.shutdownNow();
    timer.shutdownNow();
  }

  private final class AnyMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      var descriptor =
          MethodDescriptor.newBuilder(Raw.INSTANCE, Raw.INSTANCE)
              .setFullMethodName(name)
              .setType(MethodDescriptor.MethodType.UNKNOWN)
              .build();
      return ServerMethodDefinition.create(descriptor, (call, headers) -> accept(call, headers));
    }
  }

  private ServerCall.Listener<byte[]> accept(ServerCall<byte[], byte[]> call, Metadata headers) {
    MethodDescriptor<byte[], byte[]> method = call.getMethodDescriptor();
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      // Its own pause before it connects again grows to minutes.
      channel.resetConnectBackoff();
    }
    Plan plan = draw(method.getFullMethodName());
    return plan == null
        ? Passing.start(call, headers, channel.newCall(method, CallOptions.DEFAULT))
        : new Troubled(call, headers, plan);
  }

  /// A unary call that something befalls: its request is gathered, then sent as planned.
  private final class Troubled extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> caller;
    private final Metadata headers;
    private final Plan plan;
    private final String name;
    private final long fromNanos = System.nanoTime();
    private byte[] request = new byte[0];

    Troubled(ServerCall<byte[], byte[]> caller, Metadata headers, Plan plan) {
      this.caller = caller;
      this.headers = headers;
      this.plan = plan;
      this.name = caller.getMethodDescriptor().getFullMethodName();
      caller.request(1);
    }

    @Override
    public void onMessage(byte[] message) {
      request = message;
    }

    @Override
    public void onHalfClose() {
      switch (plan.fate()) {
        case PASSED -> send(this::answer);
        case ANSWER_LOST -> send(_ -> record(name, plan.fate(), fromNanos));
        case SENT_TWICE -> {
          send(this::answer);
          later(plan, () -> send(_ -> record(name, plan.fate(), fromNanos)));
        }
        case SENT_LATE ->
            later(
                plan,
                () ->
                    send(answer -> {
                      record(name, plan.fate(), fromNanos);
                      answer(answer);
                    }));
        case ANSWERED_LATE ->
            send(answer ->
                later(
                    plan,
                    () -> {
                      record(name, plan.fate(), fromNanos);
                      answer(answer);
                    }));
      }
    }

    private void send(Consumer<Answer> whenAnswered) {
      Context.ROOT.run(() -> {
        ClientCall<byte[], byte[]> call =
            channel.newCall(caller.getMethodDescriptor(), CallOptions.DEFAULT);
        var copy = new Metadata();
        copy.merge(headers);
        call.start(new Answer(whenAnswered), copy);
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
      });
    }

    private void answer(Answer answer) {
      try {
        if (caller.isCancelled()) {
          return;
        }
        caller.sendHeaders(answer.headers);
        if (answer.message != null) {
          caller.sendMessage(answer.message);
        }
        caller.close(answer.status, answer.trailers);
      } catch (IllegalStateException gone) {
        // The caller ended the call just now.
        return;
      }
    }
  }

  /// What came back from a unary call.
  private static final class Answer extends ClientCall.Listener<byte[]> {
    private final Consumer<Answer> whenComplete;
    private Metadata headers = new Metadata();
    private byte @Nullable [] message;
    private Status status = Status.UNKNOWN;
    private Metadata trailers = new Metadata();

    Answer(Consumer<Answer> whenComplete) {
      this.whenComplete = whenComplete;
    }

    @Override
    public void onHeaders(Metadata got) {
      headers = got;
    }

    @Override
    public void onMessage(byte[] got) {
      message = got;
    }

    @Override
    public void onClose(Status got, Metadata last) {
      status = got;
      trailers = last;
      whenComplete.accept(this);
    }
  }

  /// A call of any kind that passes, with its deadline and its end.
  private static final class Passing extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> caller;
    private final ClientCall<byte[], byte[]> callee;

    private Passing(ServerCall<byte[], byte[]> caller, ClientCall<byte[], byte[]> callee) {
      this.caller = caller;
      this.callee = callee;
    }

    static Passing start(
        ServerCall<byte[], byte[]> caller, Metadata headers, ClientCall<byte[], byte[]> callee) {
      callee.start(
          new ClientCall.Listener<>() {
            @Override
            public void onHeaders(Metadata got) {
              caller.sendHeaders(got);
            }

            @Override
            public void onMessage(byte[] message) {
              caller.sendMessage(message);
              callee.request(1);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              if (!caller.isCancelled()) {
                caller.close(status, trailers);
              }
            }
          },
          headers);
      callee.request(1);
      caller.request(1);
      return new Passing(caller, callee);
    }

    @Override
    public void onMessage(byte[] message) {
      callee.sendMessage(message);
      caller.request(1);
    }

    @Override
    public void onHalfClose() {
      callee.halfClose();
    }

    @Override
    public void onCancel() {
      callee.cancel("the caller ended it", null);
    }
  }

  /// Messages as they are.
  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    static final Raw INSTANCE = new Raw();

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
