package io.tidemark.cli;

import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.JdkLoggerFactory;
import io.tidemark.client.TidemarkClient;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What all verbs that talk to servers have in common.
@Command(
    mixinStandardHelpOptions = false,
    sortOptions = false,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ok",
      "1:failure",
      "2:the command line is wrong",
      "3:the key is not there",
      "4:a condition of the transaction did not hold",
      "5:the outcome of a write is not known: it may have been done",
      "6:no server could do it in time; nothing was done",
      "7:a verification fell short and proves nothing"
    })
abstract class ClientCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--endpoint",
      paramLabel = "HOST:PORT",
      split = ",",
      defaultValue = "${env:TIDEMARK_ENDPOINT:-127.0.0.1:4379}",
      description =
          "Where the servers are, separated by commas (default: $TIDEMARK_ENDPOINT, or"
              + " 127.0.0.1:4379).")
  private List<String> endpoints = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Converters.Time.class,
      description = "How long a request may take, for example 500ms, 5s or 1m (default: 5s).")
  private Duration timeout = Duration.ofSeconds(5);

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean unusedHelpRequested;

  ClientCommand(Streams streams) {
    this.streams = streams;
  }

  Streams streams() {
    return streams;
  }

  List<String> endpoints() {
    return endpoints;
  }

  Duration timeout() {
    return timeout;
  }

  /// A client for the endpoints of the command line.
  TidemarkClient connect() {
    return connect(endpoints);
  }

  TidemarkClient connect(List<String> to) {
    // Where a logging framework is at hand, for the server beside it, the network layer would start
    // it up and write to it; a client verb needs neither the time nor the lines.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    try {
      return TidemarkClient.builder().endpoints(to).deadline(timeout).build();
    } catch (IllegalArgumentException wrong) {
      throw new Usage(String.valueOf(wrong.getMessage()));
    }
  }

  /// Runs the command and says in one line what went wrong; answers the exit code.
  @Override
  public final Integer call() {
    try (var out = new BufferedOutputStream(new Unclosed(streams.out()), 1 << 16)) {
      return run(out);
    } catch (Exception failure) {
      if (failure instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      streams.err().println("tidemark: " + Errors.describe(failure));
      return Errors.codeOf(failure);
    }
  }

  /// Does the work and answers the exit code.
  ///
  /// @param out flushed when the command ends
  abstract int run(OutputStream out) throws Exception;

  static void print(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  static void println(OutputStream out, String text) throws IOException {
    print(out, text + "\n");
  }

  /// The command line is wrong in a way that only the command can tell.
  static final class Usage extends RuntimeException {
    private static final long serialVersionUID = 1;

    Usage(String message) {
      super(message);
    }
  }

  /// Flushes where others close: the stream is the process's.
  private static final class Unclosed extends OutputStream {
    private final OutputStream out;

    Unclosed(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
