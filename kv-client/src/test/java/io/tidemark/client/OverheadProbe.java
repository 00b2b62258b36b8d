package io.tidemark.client;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.GetResponse;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.base.Bytes;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// What the client costs beside the bare stub: the same reads of the same server, in turns, one and
/// 64 under way. Prints the medians of the rates and their ratio, and ends by itself.
///
/// `java -cp kv-client/target/test-classes:... io.tidemark.client.OverheadProbe [ROUNDS]`
final class OverheadProbe {
  private static final int WARM_UP = 20_000;

  private OverheadProbe() {}

  public static void main(String[] args) throws InterruptedException {
    int rounds = args.length == 0 ? 15 : Integer.parseInt(args[0]);
    Bytes key = Bytes.utf8("key");
    try (var cluster = new FakeCluster(1);
        var client = TidemarkClient.builder().endpoints(cluster.endpoints()).build()) {
      client.put(key, Bytes.wrap(new byte[100]));
      ManagedChannel channel =
          NettyChannelBuilder.forTarget(cluster.endpoints().get(0))
              .usePlaintext()
              .directExecutor()
              .build();
      KeyValueGrpc.KeyValueStub stub = KeyValueGrpc.newStub(channel);
      GetRequest request = GetRequest.newBuilder().setKey(Wire.bytes(key)).build();
      for (int inFlight : new int[] {1, 64}) {
        int requests = inFlight == 1 ? 4_000 : 40_000;
        double[] bare = new double[rounds];
        double[] ours = new double[rounds];
        rate(() -> get(stub, request), inFlight, WARM_UP);
        rate(() -> client.async().get(key), inFlight, WARM_UP);
        for (int i = 0; i < rounds; i++) {
          bare[i] = rate(() -> get(stub, request), inFlight, requests);
          ours[i] = rate(() -> client.async().get(key), inFlight, requests);
        }
        Arrays.sort(bare);
        Arrays.sort(ours);
        System.out.printf(
            Locale.ROOT,
            "%d under way: stub %.0f/s, client %.0f/s, ratio %.2f%n",
            inFlight,
            bare[rounds / 2],
            ours[rounds / 2],
            ours[rounds / 2] / bare[rounds / 2]);
      }
      channel.shutdownNow();
    }
  }

  private static double rate(Supplier<CompletableFuture<?>> send, int inFlight, int requests)
      throws InterruptedException {
    var room = new Semaphore(inFlight);
    long began = System.nanoTime();
    for (int i = 0; i < requests; i++) {
      room.acquire();
      var _ =
          send.get()
              .whenComplete((answer, failure) -> {
                if (failure != null) {
                  throw new IllegalStateException(failure);
                }
                room.release();
              });
    }
    room.acquire(inFlight);
    return requests * 1e9 / (System.nanoTime() - began);
  }

  private static CompletableFuture<?> get(KeyValueGrpc.KeyValueStub stub, GetRequest request) {
    var answer = new CompletableFuture<GetResponse>();
    stub.get(
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(GetResponse response) {
            answer.complete(response);
          }

          @Override
          public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
          }

          @Override
          public void onCompleted() {}
        });
    return answer;
  }
}
