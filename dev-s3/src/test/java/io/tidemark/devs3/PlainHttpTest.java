package io.tidemark.devs3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.devs3.DevS3Config.Bounds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What comes over a connection, byte by byte.
class PlainHttpTest {
  private static final int CONNECTIONS_MAX = 5;

  @SuppressWarnings("NullAway.Init")
  private DevS3 s3;

  @BeforeEach
  void start() throws IOException {
    s3 =
        DevS3.start(
            DevS3Config.inMemory()
                .withBounds(new Bounds(1_000, 4_000, 2_000, CONNECTIONS_MAX, 10)));
  }

  @AfterEach
  void stop() {
    s3.close();
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), s3.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  /// Sends the text and returns all that is answered until the endpoint closes.
  private String talk(String text) throws IOException {
    try (var socket = connect()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String request(String line, String host, String headers, String body) {
    return line
        + " HTTP/1.1\r\nHost: "
        + host
        + "\r\nConnection: close\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n"
        + headers
        + "\r\n"
        + body;
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  @Test
  void aBucketMayStandInTheHost() throws IOException {
    assertThat(talk(request("PUT /k", "tidemark.localhost:" + s3.port(), "", "in the host")))
        .startsWith("HTTP/1.1 200");
    assertThat(talk(request("GET /tidemark/k", "localhost", "", ""))).endsWith("in the host");
    assertThat(talk(request("GET /k", "tidemark.s3.example.org", "", ""))).endsWith("in the host");
  }

  @Test
  void requestsMayBeSentAheadOfTheirAnswers() throws IOException {
    String put = "PUT /tidemark/a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n1";
    String get = "GET /tidemark/a HTTP/1.1\r\nHost: h\r\n\r\n";
    String answers = talk(put + get + get + request("GET /tidemark/none", "h", "", ""));
    assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(5);
    assertThat(answers).containsSubsequence("200", "200", "\r\n\r\n1", "200", "\r\n\r\n1", "404");
  }

  @Test
  void aClientThatWaitsToBeToldToContinueIsTold() throws IOException {
    try (var socket = connect()) {
      var head =
          lines(
              "PUT /tidemark/k HTTP/1.1",
              "Host: h",
              "Expect: 100-continue",
              "Connection: close",
              "Content-Length: 4",
              "");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      byte[] told = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
      assertThat(new String(told, StandardCharsets.UTF_8)).startsWith("HTTP/1.1 100");
      socket.getOutputStream().write("body".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("HTTP/1.1 200");
    }
  }

  @Test
  void chunksAreTakenOff() throws IOException {
    String headers =
        lines(
            "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "content-encoding: aws-chunked",
            "x-amz-decoded-content-length: 9",
            "x-amz-trailer: x-amz-checksum-crc32");
    // The checksum of "123456789" is the check value that its specification gives.
    String sum = Base64.getEncoder().encodeToString(new byte[] {(byte) 0xcb, (byte) 0xf4, 57, 38});
    String body = "4\r\n1234\r\n5\r\n56789\r\n0\r\nx-amz-checksum-crc32:" + sum + "\r\n\r\n";
    assertThat(talk(request("PUT /tidemark/k", "h", headers, body))).startsWith("HTTP/1.1 200");
    assertThat(talk(request("GET /tidemark/k", "h", "", "")))
        .endsWith("\r\n\r\n123456789")
        .doesNotContain("content-encoding");

    assertThat(talk(request("PUT /tidemark/l", "h", headers, body.replace("1234", "1235"))))
        .contains("BadDigest");
    assertThat(talk(request("PUT /tidemark/l", "h", headers, body.substring(0, 12))))
        .contains("IncompleteBody");
    assertThat(talk(request("PUT /tidemark/l", "h", headers, "4\r\n1234\r\n0\r\n\r\n")))
        .contains("IncompleteBody");
    assertThat(s3.objectCount("tidemark")).isEqualTo(1);
  }

  @Test
  void theCheckValueOfEachChecksumIsRight() {
    var body = Bytes.utf8("123456789");
    Checksums.verify("x-amz-checksum-crc32c", "4waSgw==", body.unsafeArray());
    Checksums.verify("x-amz-checksum-crc64nvme", "rosUhgp5mIg=", body.unsafeArray());
  }

  @Test
  void everyBoundIsKept() throws IOException {
    assertThat(talk(request("PUT /tidemark/k", "h", "", "x".repeat(1_001))))
        .contains("EntityTooLarge");
    assertThat(talk(request("PUT /tidemark/k", "h", "", "x".repeat(9_000))))
        .contains("EntityTooLarge");
    assertThat(talk(request("GET /tidemark/k", "h", "X-Long: " + "x".repeat(3_000) + "\r\n", "")))
        .contains("InvalidRequest");
    assertThat(talk(request("GET /tidemark/" + "k".repeat(1_025), "h", "", "")))
        .contains("KeyTooLongError");
    assertThat(talk(request("PUT /No..Name", "h", "", ""))).contains("InvalidBucketName");
    assertThat(talk("nonsense\r\n\r\n")).contains("HTTP/1.1 400");
    assertThat(talk(request("GET /tidemark/%zz", "h", "", ""))).contains("InvalidArgument");
    assertThat(s3.objectCount("tidemark")).isZero();
  }

  @Test
  void tooManyConnectionsAreTurnedAway() throws IOException {
    var open = new ArrayList<Socket>();
    try {
      for (int i = 0; i < CONNECTIONS_MAX; i++) {
        var socket = connect();
        open.add(socket);
        String get = "GET /tidemark/none HTTP/1.1\r\nHost: h\r\n\r\n";
        socket.getOutputStream().write(get.getBytes(StandardCharsets.UTF_8));
        assertThat((char) socket.getInputStream().read()).isEqualTo('H');
      }
      assertThat(talk(request("GET /tidemark/none", "h", "", ""))).contains("SlowDown");
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void bytesInFlightAreBounded() throws IOException {
    var open = new ArrayList<Socket>();
    try {
      // Three bodies that never end, together just within the bound.
      for (int i = 0; i < 4; i++) {
        var socket = connect();
        open.add(socket);
        String part =
            "PUT /tidemark/k HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                + "Content-Length: 1000\r\n\r\n"
                + "x".repeat(995);
        socket.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
        assertThat((char) socket.getInputStream().read()).isEqualTo('H');
      }
      String answer = "";
      while (!answer.contains("SlowDown")) {
        answer = talk(request("PUT /tidemark/k", "h", "", "x".repeat(100)));
        assertThat(answer).containsAnyOf("SlowDown", "200 OK");
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void rangesAreReadAsHttpHasThem() {
    assertThat(Range.of(Optional.of("bytes=0-0"), 5)).contains(new Range(0, 1, 5));
    assertThat(Range.of(Optional.of("bytes=3-1"), 5)).isEmpty();
    assertThat(Range.of(Optional.of("bytes=0-1,3-4"), 5)).isEmpty();
    assertThat(Range.of(Optional.of("bytes=-9"), 5)).contains(new Range(0, 5, 5));
    for (String none : List.of("bytes=5-", "bytes=-0")) {
      assertThatThrownBy(() -> Range.of(Optional.of(none), 5))
          .isInstanceOf(S3Exception.class)
          .hasMessage(S3Error.INVALID_RANGE.message());
    }
  }
}
