package io.tidemark.devs3;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.tidemark.base.Bytes;
import io.tidemark.devs3.Fault.Ending;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// One client's connection: requests one after another, each read whole, within bounds.
///
/// Everything here happens on the connection's event loop.
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private final FaultyService service;
  private final Counts counts;
  private final DevS3Config.Bounds bounds;
  private final Budget budget;
  private final boolean isOneTooMany;

  private @Nullable HttpRequest head;
  private ByteArrayOutputStream body = new ByteArrayOutputStream();
  private long reserved;
  private final Deque<Object> early = new ArrayDeque<>();
  private boolean isAnswering;
  private boolean deaf;

  HttpConnection(
      FaultyService service,
      Counts counts,
      DevS3Config.Bounds bounds,
      Budget budget,
      boolean isOneTooMany) {
    this.service = service;
    this.counts = counts;
    this.bounds = bounds;
    this.budget = budget;
    this.isOneTooMany = isOneTooMany;
  }

  /// Ends a connection so that its client is told of a reset.
  static void reset(Channel channel) {
    if (channel.parent() != null) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      var _ = channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    release();
    early.forEach(ReferenceCountUtil::release);
    early.clear();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isAnswering) {
      // Of a request that was sent before the answer to the last one.
      early.add(message);
    } else {
      take(context, message);
    }
  }

  private void take(ChannelHandlerContext context, Object message) {
    try {
      if (!deaf && message instanceof HttpRequest request) {
        begin(context, request);
      }
      if (!deaf && message instanceof HttpContent content) {
        receive(context, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /// Goes on to the next request.
  private void next(ChannelHandlerContext context) {
    isAnswering = false;
    while (!isAnswering && !early.isEmpty()) {
      take(context, early.remove());
    }
    if (!isAnswering) {
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && !isAnswering) {
      var _ = context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // The client is gone, or speaks something else than HTTP.
    var _ = context.close();
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    head = request;
    if (request.decoderResult().isFailure()) {
      refuse(
          context, S3Error.INVALID_REQUEST, "This is no HTTP request, or its header is too long.");
    } else if (isOneTooMany) {
      refuse(context, S3Error.SLOW_DOWN, "There are too many connections.");
    } else if (HttpUtil.getContentLength(request, 0L) > codedBytesMax()) {
      refuse(context, S3Error.ENTITY_TOO_LARGE, S3Error.ENTITY_TOO_LARGE.message());
    } else if (HttpUtil.is100ContinueExpected(request)) {
      var _ =
          context.writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  /// A body with the signatures of its chunks is longer than what it carries.
  private long codedBytesMax() {
    return bounds.objectBytesMax() + bounds.objectBytesMax() / 16L + 4_096;
  }

  private void receive(ChannelHandlerContext context, HttpContent content) {
    int length = content.content().readableBytes();
    if (content.decoderResult().isFailure()) {
      refuse(context, S3Error.INCOMPLETE_BODY, S3Error.INCOMPLETE_BODY.message());
      return;
    }
    if (reserved + length > codedBytesMax()) {
      refuse(context, S3Error.ENTITY_TOO_LARGE, S3Error.ENTITY_TOO_LARGE.message());
      return;
    }
    if (!budget.take(length)) {
      refuse(context, S3Error.SLOW_DOWN, "Too many bytes are under way.");
      return;
    }
    reserved += length;
    byte[] part = new byte[length];
    content.content().readBytes(part);
    body.writeBytes(part);
    if (content instanceof LastHttpContent) {
      dispatch(context);
    }
  }

  private void dispatch(ChannelHandlerContext context) {
    HttpRequest sent = head;
    if (sent == null) {
      var _ = context.close();
      return;
    }
    var bytes = Bytes.wrap(body.toByteArray());
    body = new ByteArrayOutputStream();
    int port = ((InetSocketAddress) context.channel().remoteAddress()).getPort();
    Optional<S3Request> request = Requests.parse(sent, bytes, port);
    if (request.isEmpty()) {
      refuse(context, S3Error.INVALID_ARGUMENT, "The address of the request cannot be read.");
      return;
    }
    isAnswering = true;
    context.channel().config().setAutoRead(false);
    boolean keepsAlive = HttpUtil.isKeepAlive(sent);
    var _ =
        service
            .serve(request.get())
            .whenComplete((reply, failure) ->
                context
                    .executor()
                    .execute(() -> {
                      if (failure != null) {
                        reset(context.channel());
                      } else {
                        send(context, request.get(), reply, keepsAlive);
                      }
                    }));
  }

  private void send(
      ChannelHandlerContext context, S3Request request, Reply reply, boolean keepsAlive) {
    release();
    switch (reply) {
      case Reply.Whole(var response) -> {
        counts.answer(request, response.status(), response.body().length());
        write(context, response, keepsAlive, response.body().length());
        if (keepsAlive) {
          next(context);
        }
      }
      case Reply.Half(var response) -> {
        counts.answer(request, response.status(), response.body().length() / 2);
        write(context, response, false, response.body().length() / 2);
      }
      case Reply.Silence(var ending) -> {
        if (ending == Ending.CUT) {
          reset(context.channel());
        } else {
          // To see the client go.
          deaf = true;
          next(context);
        }
      }
    }
  }

  private void refuse(ChannelHandlerContext context, S3Error error, String message) {
    deaf = true;
    release();
    var request =
        new S3Request("", "", new LinkedHashMap<>(), Map.of(), "", Bytes.EMPTY, Bytes.EMPTY, 0);
    var xml = Xml.bare("Error").element("Code", error.code()).element("Message", message).end();
    counts.answer(request, error.status(), xml.length());
    var response = S3Response.xml(error.status(), xml);
    write(context, response, false, response.body().length());
  }

  private static void write(
      ChannelHandlerContext context, S3Response response, boolean keepsAlive, int bodyBytes) {
    HttpResponse answer =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
    response.headers().forEach((name, value) -> answer.headers().set(name, value));
    answer
        .headers()
        .set("x-amz-request-id", requestId())
        .set(HttpHeaderNames.SERVER, "tidemark-dev-s3");
    if (response.status() != 204 && response.status() != 304) {
      answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.length());
    }
    if (!keepsAlive) {
      answer.headers().set(HttpHeaderNames.CONNECTION, "close");
    }
    var _ = context.write(answer);
    var content = Unpooled.wrappedBuffer(response.body().unsafeArray(), 0, bodyBytes);
    var written = context.writeAndFlush(new DefaultLastHttpContent(content));
    if (!keepsAlive) {
      var _ = written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private static String requestId() {
    return HexFormat.of().withUpperCase().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  private void release() {
    body = new ByteArrayOutputStream();
    budget.giveBack(reserved);
    reserved = 0;
  }
}
