package io.tidemark.server.command;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.base.Bytes;
import io.tidemark.checkpoint.CheckpointAddress;
import io.tidemark.log.LogAddress;
import io.tidemark.log.Logs;
import io.tidemark.log.Precondition;
import io.tidemark.log.s3.Budget;
import io.tidemark.log.s3.Prices;
import io.tidemark.log.s3.S3Options;
import io.tidemark.replica.CheckpointConfig;
import io.tidemark.replica.ReplicaConfig.LogSource;
import io.tidemark.server.config.SettingsProvider;
import io.tidemark.server.config.SettingsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CommandsTest {
  @TempDir Path directory;

  private final StringWriter errors = new StringWriter();

  static List<CommandLine> commands() {
    return List.of(
        new CommandLine(new ServeCommand()),
        new CommandLine(new LogServerCommand()),
        new CommandLine(new CheckpointerCommand()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyOptionHasADescriptionADefaultAndAnEnvironmentNameThatWorks(CommandLine command) {
    Map<String, String> valid =
        Map.ofEntries(
            entry("SIZE", "32MiB"),
            entry("TIME", "7s"),
            entry("COUNT", "77"),
            entry("DOLLARS", "0.25"),
            entry("PRICES", "put=0.006"),
            entry("HOST:PORT", "127.0.0.1:7"),
            entry("LEVEL", "WARN"),
            entry("ADDRESS", "memory:"),
            entry("URL", "http://127.0.0.1:7"),
            entry("PLACE", "elsewhere"),
            entry("on|off", "off"),
            entry("DIR", "elsewhere"));
    var options = command.getCommandSpec().options();
    assertThat(options).hasSizeGreaterThan(6);
    for (OptionSpec option : options) {
      String name = option.longestName();
      assertThat(option.description()).as(name).isNotEmpty();
      if (!SettingsProvider.isSetting(option)) {
        continue;
      }
      String description = String.join(" ", option.description());
      assertThat(description).as(name).contains("Default: ").endsWith(".");
      assertThat(option.defaultValue() != null || description.contains("Default: none"))
          .as(name)
          .isTrue();
      if (name.equals("--config")) {
        continue;
      }
      String value = valid.getOrDefault(option.paramLabel(), "true");
      String variable = SettingsProvider.environmentName(SettingsProvider.settingName(option));
      assertThat(variable).matches("TIDEMARK_[A-Z0-9_]+");
      command.getCommandSpec().preprocessor(new SettingsReader(Map.of(variable, value)));
      command.parseArgs();
      Object fromEnvironment = option.getValue();
      command.getCommandSpec().preprocessor(new SettingsReader(Map.of()));
      command.parseArgs(name + "=" + value);
      Object fromFlag = option.getValue();
      assertThat(fromEnvironment).as(name).isNotNull().isEqualTo(fromFlag);
      command.parseArgs();
      Object byDefault = option.getValue();
      assertThat(byDefault).as(name).isNotEqualTo(fromFlag);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpShowsEveryOptionExamplesAndExitCodes(CommandLine command) {
    String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);

    command
        .getCommandSpec()
        .options()
        .forEach(option -> assertThat(help).contains(option.longestName()));
    assertThat(help).contains("Examples:", "Exit codes:", "environment").doesNotContain("${");
  }

  @Test
  void settingsBecomeAServer() {
    var serve = new ServeCommand();
    parse(
        serve,
        "--data",
        "d",
        "--grpc",
        "127.0.0.1:1",
        "--request-timeout",
        "2s",
        "--memory",
        "64MiB",
        "--key-bytes-max",
        "1KiB",
        "--connections-max",
        "9");

    var config = serve.config();

    assertThat(config.replica().directory()).isEqualTo(Path.of("d/view"));
    assertThat(config.replica().log())
        .isEqualTo(new LogSource.Owned(new LogAddress.Journal(Path.of("d/log"))));
    assertThat(config.replica().memoryBytes()).isEqualTo(64 << 20);
    assertThat(config.replica().limits().keyBytesMax()).isEqualTo(1 << 10);
    assertThat(config.replica().limits().valueBytesMax()).isEqualTo(16 << 20);
    assertThat(config.rpc().requestTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.rpc().connectionsMax()).isEqualTo(9);
    assertThat(config.grpc().orElseThrow().getPort()).isEqualTo(1);
    assertThat(config.admin().orElseThrow().getPort()).isEqualTo(8080);
    CheckpointConfig checkpoints = config.replica().checkpoints().orElseThrow();
    assertThat(checkpoints.store())
        .isEqualTo(
            new CheckpointConfig.Store.Owned(
                new CheckpointAddress.Directory(Path.of("d/checkpoints").toAbsolutePath())));
    assertThat(checkpoints.makes() && checkpoints.verifies()).isTrue();
  }

  @Test
  void checkpointsAreKeptWhereTheUserSaysOrBesideTheLog() {
    assertThat(place("--log", "s3://bucket/db", "--s3-region", "r"))
        .hasValue("s3://bucket/db/checkpoints");
    assertThat(place("--log", "s3://bucket/db", "--checkpoints", "/elsewhere"))
        .hasValue("/elsewhere");
    assertThat(place("--log", "remote:127.0.0.1:1")).isEmpty();
    assertThat(place("--checkpoints", "none")).isEmpty();
    assertThat(place("--log", "remote:127.0.0.1:1", "--checkpoints", "s3://b-b/c"))
        .hasValue("s3://b-b/c");
  }

  private Optional<String> place(String... arguments) {
    var serve = new ServeCommand();
    parse(serve, arguments);
    return serve
        .config()
        .replica()
        .checkpoints()
        .map(each -> ((CheckpointConfig.Store.Owned) each.store()).address().toString());
  }

  @Test
  void rolesAndRetentionOfCheckpointsAreSettings() {
    var serve = new ServeCommand();
    parse(serve, "--checkpoint-make=off", "--retain-time=24h", "--checkpoint-age", "5m");

    CheckpointConfig checkpoints = serve.config().replica().checkpoints().orElseThrow();

    assertThat(checkpoints.makes()).isFalse();
    assertThat(checkpoints.verifies()).isTrue();
    assertThat(checkpoints.window()).isEqualTo(Duration.ofHours(24));
    assertThat(checkpoints.everyAge()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aCheckpointerServesNoClientsAndNeedsAPlace() {
    var checkpointer = new CheckpointerCommand();
    parse(checkpointer, "--checkpoints", "/c");

    assertThat(checkpointer.config().grpc()).isEmpty();

    var nowhere = new CheckpointerCommand();
    parse(nowhere);
    assertThatThrownBy(nowhere::config).hasMessageContaining("--checkpoints");
  }

  @Test
  void whatABucketCostsAndMayCostIsSaid() {
    assertThat(cost("--log=s3://bucket/db")).isEqualTo(S3Options.DEFAULT);
    assertThat(
            cost(
                "--log=s3://fast--use1-az4--x-s3",
                "--s3-prices=put=0.002,sent=0.01",
                "--s3-budget=0.05",
                "--s3-budget-delay=300ms",
                "--s3-storage-class=EXPRESS_ONEZONE"))
        .isEqualTo(
            S3Options.DEFAULT
                .withCost(
                    Optional.of(new Prices(0.002, 0.00003, 0.00113, 0.01, 0.0006)),
                    Optional.of(new Budget(0.05, Duration.ofMillis(300))))
                .withStorageClass(Optional.of("EXPRESS_ONEZONE")));
  }

  private S3Options cost(String... arguments) {
    var serve = new ServeCommand();
    parse(serve, arguments);
    return serve.config().replica().log() instanceof LogSource.Owned(LogAddress.S3 s3)
        ? s3.options()
        : S3Options.DEFAULT.as(new S3Options.Credentials("none", "none", Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "--s3-prices=put=cheap,is no price",
    "--s3-budget=0,a budget is more than zero dollars an hour",
    "--s3-budget=lots,--s3-budget",
    "--s3-budget=1 --s3-budget-delay=3s,a budget delays by at most 1 ms to 2 s",
    "--s3-storage-class=GLACIER,objects of the storage class GLACIER cannot be; GLACIER_IR can",
    "--s3-storage-class=EXPRESS_ONEZONE,a directory bucket"
  })
  void whatMakesNoSenseForABucketIsTold(String arguments, String told) {
    var all = Stream.concat(Stream.of("--log=s3://bucket/db"), Stream.of(arguments.split(" ")));
    assertThat(execute(new ServeCommand(), all.toArray(String[]::new))).isEqualTo(2);
    assertThat(errors.toString()).startsWith("tidemark: ").contains(told).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({
    "--log=journel:x,is no log address",
    "--grpc=nowhere,is no address",
    "--memory=lots,is no size",
    "--request-timeout=soon,is no duration",
    "--grcp=127.0.0.1:1,--grpc",
    "--connections-max=0,a client may connect",
    "--value-bytes-max=1GiB,a request can hold the largest key and value",
    "--key-bytes-max=2GiB,key-bytes-max is at most 1GiB",
    "--config=missing.properties,cannot read the settings file missing.properties"
  })
  void wrongUsageIsToldShortlyAndExitsWithTwo(String argument, String told) {
    assertThat(execute(new ServeCommand(), argument)).isEqualTo(2);
    assertThat(errors.toString()).startsWith("tidemark: ").contains(told).doesNotContain("\tat ");
    assertThat(errors.toString().lines().count()).isLessThanOrEqualTo(3);
  }

  @Test
  void aPortInUseIsToldInOneLineAndExitsWithOne() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();

      assertThat(
              execute(
                  new ServeCommand(), "--log=memory:", "--data=" + directory, "--grpc=" + address))
          .isEqualTo(1);

      assertThat(errors.toString().strip())
          .isEqualTo("tidemark: cannot listen on " + address + " (gRPC): Address already in use");
    }
  }

  @Test
  void aDamagedJournalIsToldInOneLineAndExitsWithOne() throws IOException {
    Path log = Files.createDirectories(directory.resolve("log"));
    try (var opened = Logs.open(new LogAddress.Journal(log))) {
      for (int i = 0; i < 20; i++) {
        var _ = opened.append(List.of(Bytes.utf8("record " + i)), Precondition.NONE).join();
      }
    }
    flipAByteOf(log, "record 7");

    assertThat(execute(new LogServerCommand(), "--log=journal:" + log, "--listen=127.0.0.1:0"))
        .isEqualTo(1);
    assertThat(errors.toString().lines().toList()).hasSize(1);
    assertThat(errors.toString()).startsWith("tidemark: ").contains(log.toString());
  }

  private static void flipAByteOf(Path log, String text) throws IOException {
    try (Stream<Path> files = Files.walk(log)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        String latin = new String(content, StandardCharsets.ISO_8859_1);
        int at = latin.indexOf(text);
        if (at >= 0) {
          content[at] ^= 1;
          Files.write(file, content);
          return;
        }
      }
    }
    throw new AssertionError("no file has " + text);
  }

  private int execute(Object command, String... arguments) {
    return commandLine(command).execute(arguments);
  }

  private void parse(Object command, String... arguments) {
    commandLine(command).parseArgs(arguments);
  }

  private CommandLine commandLine(Object command) {
    var line =
        new CommandLine(command)
            .setErr(new PrintWriter(errors, true))
            .setParameterExceptionHandler(new ShortErrors());
    line.getCommandSpec().preprocessor(new SettingsReader(new HashMap<>()));
    return line;
  }
}
