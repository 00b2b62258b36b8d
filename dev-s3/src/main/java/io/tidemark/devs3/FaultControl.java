package io.tidemark.devs3;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Faults of an endpoint in another process, over HTTP.
///
/// ```text
///   POST   /faults?fault=KIND&...   adds a rule and answers its id; see FaultSyntax
///   GET    /faults                  the rules: id, how often each happened, and what it is
///   DELETE /faults/ID, /faults      removes one, or all
///   POST   /seed?seed=NUMBER        begins chance anew
///   POST   /land                    lets what is to land late land now
///   GET    /counts                  every count, a line each: name and number
/// ```
final class FaultControl extends ChannelInboundHandlerAdapter {
  private record Answer(int status, String text) {}

  private final Faults faults;
  private final Counts counts;
  private @Nullable HttpRequest head;

  FaultControl(Faults faults, Counts counts) {
    this.faults = faults;
    this.counts = counts;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof HttpRequest request) {
        head = request;
      }
      HttpRequest request = head;
      if (message instanceof LastHttpContent && request != null) {
        answer(context, request);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }

  private void answer(ChannelHandlerContext context, HttpRequest request) {
    Answer answer;
    try {
      answer = answer(request);
    } catch (IllegalArgumentException | IllegalStateException wrong) {
      answer = new Answer(400, wrong.getMessage() + "\n");
    }
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.copiedBuffer(answer.text(), StandardCharsets.UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
        .set(HttpHeaderNames.CONNECTION, "close");
    var _ = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private Answer answer(HttpRequest request) {
    String uri = request.uri();
    int question = uri.indexOf('?');
    String path = question < 0 ? uri : uri.substring(0, question);
    var query =
        Encoding.query(question < 0 ? "" : uri.substring(question + 1))
            .orElseThrow(() -> new IllegalArgumentException("the query cannot be read"));
    return switch (request.method().name() + " " + path) {
      case "POST /faults" -> new Answer(200, faults.add(FaultSyntax.parse(query)) + "\n");
      case "GET /faults" -> new Answer(200, rules());
      case "DELETE /faults" -> {
        faults.clear();
        yield new Answer(200, "removed\n");
      }
      case "POST /seed" -> {
        faults.seed(FaultSyntax.number(query.getOrDefault("seed", "0")));
        yield new Answer(200, "seeded\n");
      }
      case "POST /land" -> new Answer(200, faults.landNow() + "\n");
      case "GET /counts" -> new Answer(200, countLines());
      default ->
          request.method().name().equals("DELETE") && path.startsWith("/faults/")
              ? remove(path.substring("/faults/".length()))
              : new Answer(404, "there is no " + path + " here\n");
    };
  }

  private Answer remove(String id) {
    return faults.remove((int) FaultSyntax.number(id))
        ? new Answer(200, "removed\n")
        : new Answer(404, "there is no rule " + id + "\n");
  }

  private String rules() {
    var lines = new StringJoiner("\n", "", "\n").setEmptyValue("");
    faults
        .rules()
        .forEach((id, told) -> lines.add(id + " happened=" + told.happened() + " " + told.rule()));
    return lines.toString();
  }

  private String countLines() {
    var lines = new StringJoiner("\n", "", "\n").setEmptyValue("");
    counts.all().forEach((name, count) -> lines.add(name + " " + count));
    faults.happened().forEach((kind, count) -> lines.add("faults." + kind + " " + count));
    return lines.toString();
  }
}
