package io.tidemark.server;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.GetResponse;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.api.v1.PutResponse;
import io.tidemark.log.LogAddress;
import io.tidemark.replica.ReplicaConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// Load on a server over the loopback interface, beside a bare gRPC echo of the same messages in
/// the same process and run: calls a second with so many in flight, and the ratio.
///
/// Arguments: seconds for each figure (default 3), and a directory for the data (default: a
/// temporary one). Run it by its class name with the class path of the module's tests.
public final class ServerLoad {
  private static final int[] IN_FLIGHT = {1, 64, 256};
  private static final ByteString VALUE = ByteString.copyFrom(new byte[100]);
  private static final int KEYS = 10_000;

  private final KeyValueGrpc.KeyValueStub stub;

  private ServerLoad(ManagedChannel channel) {
    stub = KeyValueGrpc.newStub(channel);
  }

  /// Measures and prints.
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    Path directory =
        arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("tidemark-load");
    var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Server echo =
        NettyServerBuilder.forAddress(any).directExecutor().addService(new Echo()).build().start();
    var replica =
        ReplicaConfig.of(
            directory.resolve("view"), new LogAddress.Journal(directory.resolve("log")));
    var config = ServerConfig.of(replica, "journal:", any, Optional.empty());
    try (var server = TidemarkServer.open(config)) {
      var tidemark = new ServerLoad(channel(server.grpcPort()));
      var bare = new ServerLoad(channel(echo.getPort()));
      System.out.println("in flight |  echo put/s | put/s (ratio) |  echo get/s | get/s (ratio)");
      for (int warm = 0; warm < 2; warm++) {
        for (int inFlight : IN_FLIGHT) {
          long echoPut = bare.rate(inFlight, seconds, bare::put);
          long put = tidemark.rate(inFlight, seconds, tidemark::put);
          long echoGet = bare.rate(inFlight, seconds, bare::get);
          long get = tidemark.rate(inFlight, seconds, tidemark::get);
          System.out.printf(
              "%9d | %11d | %6d (%.2f) | %11d | %6d (%.2f)%s%n",
              inFlight,
              echoPut,
              put,
              (double) put / echoPut,
              echoGet,
              get,
              (double) get / echoGet,
              warm == 0 ? " warming" : "");
        }
      }
    } finally {
      echo.shutdownNow();
    }
    System.exit(0);
  }

  private long rate(int inFlight, int seconds, Consumer<Lane> call) throws InterruptedException {
    var lanes = new Lanes(inFlight, TimeUnit.SECONDS.toNanos(seconds), call);
    long began = System.nanoTime();
    lanes.run();
    return lanes.done.sum() * 1_000_000_000L / (System.nanoTime() - began);
  }

  private void put(Lane lane) {
    stub.put(PutRequest.newBuilder().setKey(lane.key()).setValue(VALUE).build(), lane.next());
  }

  private void get(Lane lane) {
    stub.get(GetRequest.newBuilder().setKey(lane.key()).build(), lane.next());
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .directExecutor()
        .build();
  }

  /// So many calls in flight until the time is over.
  private static final class Lanes {
    final LongAdder done = new LongAdder();
    private final CountDownLatch running;
    private final long endNanos;
    private final Consumer<Lane> call;

    Lanes(int count, long nanos, Consumer<Lane> call) {
      running = new CountDownLatch(count);
      endNanos = System.nanoTime() + nanos;
      this.call = call;
    }

    void run() throws InterruptedException {
      long count = running.getCount();
      for (int i = 0; i < count; i++) {
        call.accept(new Lane(this, i));
      }
      running.await();
    }
  }

  /// One call after another.
  private static final class Lane {
    private final Lanes lanes;
    private long number;

    Lane(Lanes lanes, int number) {
      this.lanes = lanes;
      this.number = number * 7_919L;
    }

    ByteString key() {
      return ByteString.copyFromUtf8("key-" + number++ % KEYS);
    }

    <T> StreamObserver<T> next() {
      return new StreamObserver<>() {
        @Override
        public void onNext(T response) {
          lanes.done.increment();
        }

        @Override
        public void onError(Throwable failure) {
          System.err.println("failed: " + failure);
          lanes.running.countDown();
        }

        @Override
        public void onCompleted() {
          if (System.nanoTime() < lanes.endNanos) {
            lanes.call.accept(Lane.this);
          } else {
            lanes.running.countDown();
          }
        }
      };
    }
  }

  private static final class Echo extends KeyValueGrpc.KeyValueImplBase {
    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
      observer.onNext(PutResponse.newBuilder().setRevision(1).build());
      observer.onCompleted();
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> observer) {
      observer.onNext(GetResponse.newBuilder().setRevision(1).build());
      observer.onCompleted();
    }
  }
}
