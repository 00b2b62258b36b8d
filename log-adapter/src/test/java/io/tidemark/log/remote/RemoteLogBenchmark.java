package io.tidemark.log.remote;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tidemark.base.Bytes;
import io.tidemark.log.Log;
import io.tidemark.log.LogReader;
import io.tidemark.log.Precondition;
import io.tidemark.log.memory.MemoryLog;
import io.tidemark.log.remote.v1.Batch;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Measures a remote log on loopback against the log it serves, called directly, and against a bare
/// gRPC stream that echoes the same messages, in one process and in turns. Run its main method with
/// the module's test class path; it ends by itself after about a minute.
final class RemoteLogBenchmark {
  private static final int PAYLOAD_BYTES = 256;
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
  private static final int ROUNDS = 3;
  private static final long READ_RECORDS = 200_000;

  private RemoteLogBenchmark() {}

  /// Sends one and calls back when it is answered.
  private interface Sender {
    void send(Runnable answered);
  }

  /// Runs everything and prints a line for each.
  public static void main(String[] arguments) throws Exception {
    appends();
    reads();
  }

  private static void appends() throws Exception {
    var payload = List.of(Bytes.wrap(new byte[PAYLOAD_BYTES]));
    for (int inFlight : new int[] {1, 16, 64, 256}) {
      double direct = 0;
      double remote = 0;
      double echo = 0;
      for (int round = 0; round <= ROUNDS; round++) {
        // The first round warms up.
        double share = round == 0 ? 0 : 1.0 / ROUNDS;
        try (var log = new TrimmingLog();
            var served = Served.start(log.log);
            Log client = RemoteLog.open(config(served))) {
          client.checkTail().join();
          direct += share * rate(inFlight, appender(log.log, payload), log::trim);
          remote += share * rate(inFlight, appender(client, payload), log::trim);
        }
        try (var bare = new Echo()) {
          echo += share * rate(inFlight, bare::send, () -> {});
        }
      }
      System.out.printf(
          "append, %d in flight: memory %.0f/s, bare gRPC %.0f/s, remote %.0f/s (%.2f of gRPC)%n",
          inFlight, direct, echo, remote, remote / echo);
    }
    try (var log = new TrimmingLog();
        var served = Served.start(log.log);
        Log client = RemoteLog.open(config(served))) {
      for (int inFlight : new int[] {1, 1, 16}) {
        Sender check =
            answered -> {
              var _ = client.checkTail().whenComplete((_, _) -> answered.run());
            };
        System.out.printf(
            "tail checks, %d in flight: %.0f/s%n", inFlight, rate(inFlight, check, () -> {}));
      }
    }
  }

  private static RemoteLogConfig config(Served served) {
    // Patient: a machine that is busy must not end the measurement.
    var patient = Duration.ofSeconds(30);
    return RemoteLogConfig.of("127.0.0.1", served.port()).withTimeouts(patient, patient, patient);
  }

  private static Sender appender(Log to, List<Bytes> payload) {
    return answered -> {
      var _ =
          to.append(payload, Precondition.NONE)
              .whenComplete((_, failure) -> {
                if (failure != null) {
                  throw new AssertionError(failure);
                }
                answered.run();
              });
    };
  }

  private static double rate(int inFlight, Sender sender, Runnable now) throws Exception {
    var free = new Semaphore(inFlight);
    long began = System.nanoTime();
    long sent = 0;
    while (System.nanoTime() - began < WINDOW_NANOS) {
      free.acquire();
      sender.send(free::release);
      sent++;
      if (sent % 100_000 == 0) {
        now.run();
      }
    }
    free.acquire(inFlight);
    return sent * 1e9 / (System.nanoTime() - began);
  }

  private static void reads() throws Exception {
    for (int recordBytes : new int[] {100, 1_000, 10_000}) {
      long records = Math.min(READ_RECORDS, (200L << 20) / recordBytes);
      try (var log = MemoryLog.create()) {
        for (long i = 0; i < records; i++) {
          log.append(List.of(Bytes.wrap(new byte[recordBytes])), Precondition.NONE).join();
        }
        try (var served = Served.start(log);
            Log client = RemoteLog.open(config(served))) {
          client.checkTail().join();
          for (int round = 0; round < 3; round++) {
            double direct = readRate(log, records, recordBytes);
            double remote = readRate(client, records, recordBytes);
            System.out.printf(
                "read, %d-byte records: memory %.0f MB/s, remote %.0f MB/s (%.0f records/s)%n",
                recordBytes, direct / 1e6, remote / 1e6, remote / recordBytes);
          }
        }
      }
    }
  }

  private static double readRate(Log from, long records, int recordBytes) throws Exception {
    long began = System.nanoTime();
    try (LogReader reader = from.read(Log.START)) {
      for (long read = 0; read < records; ) {
        read += reader.next().size();
      }
    }
    return records * recordBytes * 1e9 / (System.nanoTime() - began);
  }

  /// A log in memory that is emptied now and then, so that it does not fill up.
  private static final class TrimmingLog implements AutoCloseable {
    private final MemoryLog log = MemoryLog.create();

    void trim() {
      log.trim(Long.MAX_VALUE).join();
    }

    @Override
    public void close() {
      log.close();
    }
  }

  /// A server that sends every batch back, and a client of it: what gRPC costs by itself.
  private static final class Echo implements AutoCloseable {
    private static final MethodDescriptor<Batch, Batch> METHOD =
        MethodDescriptor.<Batch, Batch>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName("echo.Echo/Echo")
            .setRequestMarshaller(ProtoUtils.marshaller(Batch.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Batch.getDefaultInstance()))
            .build();

    private final Server server;
    private final ManagedChannel channel;
    private final StreamObserver<Batch> requests;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Batch batch =
        Wire.batch(1, List.of(Bytes.wrap(new byte[PAYLOAD_BYTES])), Precondition.NONE);

    Echo() throws Exception {
      var handler =
          ServerCalls.asyncBidiStreamingCall(
              (StreamObserver<Batch> out) -> observer(out::onNext, out::onCompleted));
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .directExecutor()
              .addService(
                  ServerServiceDefinition.builder("echo.Echo").addMethod(METHOD, handler).build())
              .build()
              .start();
      channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
              .usePlaintext()
              .directExecutor()
              .build();
      requests =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(METHOD, CallOptions.DEFAULT),
              observer(_ -> waiting.remove().run(), () -> {}));
    }

    private static StreamObserver<Batch> observer(Consumer<Batch> next, Runnable end) {
      return new StreamObserver<>() {
        @Override
        public void onNext(Batch message) {
          next.accept(message);
        }

        @Override
        public void onError(Throwable thrown) {
          end.run();
        }

        @Override
        public void onCompleted() {
          end.run();
        }
      };
    }

    void send(Runnable answered) {
      waiting.add(answered);
      requests.onNext(batch);
    }

    @Override
    public void close() {
      requests.onCompleted();
      channel.shutdownNow();
      server.shutdownNow();
    }
  }
}
