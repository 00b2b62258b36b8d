package io.tidemark.log.s3;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Takes a body into memory if it says how long it is and that is not too long.
final class AwsBody
    implements AsyncResponseTransformer<GetObjectResponse, ResponseBytes<GetObjectResponse>> {
  private final AsyncResponseTransformer<GetObjectResponse, ResponseBytes<GetObjectResponse>> all =
      AsyncResponseTransformer.toBytes();
  private final int bytesMax;
  private boolean isTooLong;

  AwsBody(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  @Override
  public CompletableFuture<ResponseBytes<GetObjectResponse>> prepare() {
    isTooLong = false;
    return all.prepare();
  }

  @Override
  public void onResponse(GetObjectResponse response) {
    Long length = response.contentLength();
    isTooLong = length == null || length > bytesMax;
    all.onResponse(response);
  }

  @Override
  public void onStream(SdkPublisher<ByteBuffer> publisher) {
    if (!isTooLong) {
      all.onStream(publisher);
      return;
    }
    publisher.subscribe(new Cancelling());
    all.exceptionOccurred(
        new IllegalStateException("an object is longer than " + bytesMax + " bytes"));
  }

  @Override
  public void exceptionOccurred(Throwable failure) {
    all.exceptionOccurred(failure);
  }

  private static final class Cancelling implements Subscriber<ByteBuffer> {
    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.cancel();
    }

    @Override
    public void onNext(ByteBuffer part) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
