package io.tidemark.dist;

import io.tidemark.devs3.Account;
import io.tidemark.devs3.DevS3;
import io.tidemark.devs3.DevS3Config;
import io.tidemark.server.config.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tidemark dev s3`: a local S3 endpoint, until it is told to end.
///
/// It prints `ready` with the address as it really is on the standard output when clients can
/// connect, and on the standard error how to start a replica on it.
@Command(
    name = "s3",
    description = "Runs a local S3 endpoint, to try a log in a bucket without an account.",
    sortOptions = false,
    usageHelpAutoWidth = true,
    footerHeading = "%n",
    footer = {
      "One process on one machine keeps the objects, so it is no safer than a journal:",
      "for trying things on, not for data.",
      "",
      "Example:",
      "  tidemark dev s3 --dir ./bucket",
      "  tidemark serve --log s3://tidemark/db --s3-endpoint http://127.0.0.1:9444 \\",
      "    --s3-access-key any --s3-secret-key any",
      "",
      "Exit codes: 0 ended as told, 1 could not start, 2 wrong usage, 143 ended by",
      "SIGTERM after a clean close."
    })
final class DevS3Command implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9444",
      converter = HostPort.Converter.class,
      description = "Where clients connect; port 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  HostPort listen = new HostPort("", 0);

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the objects are kept. Default: in memory.")
  @Nullable Path dir;

  @Option(
      names = "--bucket",
      paramLabel = "NAME",
      defaultValue = "tidemark",
      description = "A bucket that is made where it is missing. Default: ${DEFAULT-VALUE}.")
  String bucket = "";

  @Option(
      names = "--access-key",
      paramLabel = "KEY",
      description = "Takes only requests signed with this key. Default: takes every request.")
  @Nullable String accessKey;

  @Option(
      names = "--secret-key",
      paramLabel = "SECRET",
      description = "The secret of --access-key.")
  @Nullable String secretKey;

  @Option(
      names = "--faults",
      paramLabel = "PORT",
      description =
          "Takes orders for faults over HTTP on this loopback port; 0 takes a free one. Default:"
              + " none.")
  @Nullable Integer faults;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean helpRequested;

  @SuppressWarnings("NullAway.Init") // The command line sets the spec.
  DevS3Command() {}

  @Override
  public Integer call() throws InterruptedException {
    DevS3 s3;
    try {
      s3 = DevS3.start(config());
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    } catch (IOException failure) {
      spec.commandLine().getErr().println("tidemark: " + failure.getMessage());
      return ExitCode.SOFTWARE;
    }
    var ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(s3, ended), "dev-s3-shutdown"));
    tell(s3);
    ended.await();
    return ExitCode.OK;
  }

  private DevS3Config config() {
    InetSocketAddress address;
    try {
      address = listen.resolve();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
    if ((accessKey == null) != (secretKey == null)) {
      throw new ParameterException(
          spec.commandLine(), "--access-key and --secret-key belong together");
    }
    DevS3Config config = DevS3Config.inMemory().withListen(address).withBuckets(List.of(bucket));
    if (dir != null) {
      config = config.withDir(dir);
    }
    if (accessKey != null && secretKey != null) {
      config = config.withAccounts(List.of(Account.of(accessKey, secretKey)));
    }
    return faults == null ? config : config.withFaultsPort(faults);
  }

  private void tell(DevS3 s3) {
    String ports = "listen=" + listen.withPort(s3.port());
    if (s3.faultsPort().isPresent()) {
      ports += " faults=127.0.0.1:" + s3.faultsPort().getAsInt();
    }
    var errors = spec.commandLine().getErr();
    errors.println(
        "A replica on it: ./tidemark serve --log s3://"
            + bucket
            + "/db --s3-endpoint "
            + s3.endpoint()
            + (accessKey == null ? " --s3-access-key any --s3-secret-key any" : ""));
    errors.flush();
    var out = spec.commandLine().getOut();
    out.println("ready " + ports);
    out.flush();
  }

  private static void close(DevS3 s3, CountDownLatch ended) {
    s3.close();
    ended.countDown();
  }
}
