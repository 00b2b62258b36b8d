package io.tidemark.cli;

import com.google.gson.stream.JsonWriter;
import io.tidemark.client.ServerInfo;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `status`: what each server says of itself.
@Command(
    name = "status",
    description = {
      "Ask every endpoint what it is and how far it has come.",
      "LAG is how far its revision is behind the log's tail. An endpoint that cannot be reached,",
      "cannot reach its log, or has stopped is exit code 6.",
      "It says what the endpoint knows of checkpoints, and what it is doing about them.",
      "Of a log in a bucket it says what the endpoint's requests cost, since its start and lately,",
      "which is since this was last asked for, or at least in the last minute."
    })
public final class StatusCommand extends ClientCommand {
  @Mixin private final OutputOptions output = new OutputOptions();

  /// What became of asking one endpoint: its answer, or why there is none.
  private record Asked(
      String endpoint, @Nullable ServerInfo info, @Nullable TidemarkException failure) {
    String state() {
      if (info == null) {
        return "unreachable";
      } else if (info.stoppedBecause().isPresent()) {
        return "stopped";
      }
      return info.log().unavailableBecause().isPresent() ? "log unavailable" : "ok";
    }

    @Nullable String reason() {
      if (info == null) {
        return failure == null ? null : failure.getMessage();
      }
      return info.stoppedBecause().or(info.log()::unavailableBecause).orElse(null);
    }

    /// How many positions the view is behind: caught up, it has all before the tail.
    OptionalLong lag() {
      return info == null || info.log().tail().isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(Math.max(0, info.log().tail().getAsLong() - 1 - info.revision()));
    }
  }

  StatusCommand(Streams streams) {
    super(streams);
  }

  @Override
  int run(OutputStream out) throws IOException {
    List<Asked> all = askAll();
    switch (output.format()) {
      case TABLE, RAW -> writeTable(out, all);
      case JSON -> {
        for (Asked asked : all) {
          println(out, Json.object(json -> writeJson(json, asked)));
        }
      }
    }
    out.flush();
    for (Asked asked : all) {
      if (asked.reason() != null) {
        streams().err().println("tidemark: " + asked.endpoint() + ": " + asked.reason());
      }
    }
    long logs =
        all.stream()
            .flatMap(
                asked -> asked.info() == null ? null : java.util.stream.Stream.of(asked.info()))
            .map(info -> info.log().id())
            .filter(id -> !id.isEmpty())
            .distinct()
            .count();
    if (logs > 1) {
      streams().err().println("tidemark: these servers stand on different logs");
    }
    return all.stream().allMatch(asked -> asked.state().equals("ok"))
        ? ExitCode.OK
        : ExitCode.UNAVAILABLE;
  }

  private List<Asked> askAll() {
    var clients = new ArrayList<TidemarkClient>();
    try {
      var answers = new ArrayList<CompletableFuture<Asked>>();
      for (String endpoint : endpoints()) {
        TidemarkClient client = connect(List.of(endpoint));
        clients.add(client);
        answers.add(
            client.async().serverInfo().handle((info, failure) -> asked(endpoint, info, failure)));
      }
      return answers.stream().map(CompletableFuture::join).toList();
    } finally {
      clients.forEach(TidemarkClient::close);
    }
  }

  private static Asked asked(
      String endpoint, @Nullable ServerInfo info, @Nullable Throwable failure) {
    Throwable why = failure instanceof CompletionException ? failure.getCause() : failure;
    if (why != null && !(why instanceof TidemarkException)) {
      throw new CompletionException(why);
    }
    return new Asked(endpoint, info, (TidemarkException) why);
  }

  private static void writeTable(OutputStream out, List<Asked> all) throws IOException {
    var table =
        new Table(out, "ENDPOINT", "STATE", "VERSION", "REVISION", "TAIL", "LAG", "LOG", "ADDRESS");
    for (Asked asked : all) {
      ServerInfo info = asked.info();
      if (info == null) {
        table.row(asked.endpoint(), asked.state(), "-", "-", "-", "-", "-", "-");
      } else {
        table.row(
            asked.endpoint(),
            asked.state(),
            info.version(),
            Long.toString(info.revision()),
            text(info.log().tail()),
            text(asked.lag()),
            info.log().id().isEmpty() ? "-" : info.log().id(),
            info.log().address());
      }
    }
    table.flush();
    for (Asked asked : all) {
      if (asked.info() != null && asked.info().checkpoints().isPresent()) {
        StatusCheckpoints.write(out, asked.endpoint(), asked.info().checkpoints().get());
      }
      if (asked.info() != null && asked.info().log().cost().isPresent()) {
        StatusCost.write(out, asked.endpoint(), asked.info().log().cost().get());
      }
    }
  }

  private static String text(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "-";
  }

  private static void writeJson(JsonWriter json, Asked asked) throws IOException {
    json.name("endpoint").value(asked.endpoint());
    json.name("state").value(asked.state());
    ServerInfo info = asked.info();
    if (info != null) {
      json.name("version").value(info.version());
      json.name("revision").value(info.revision());
      if (info.log().tail().isPresent()) {
        json.name("tail").value(info.log().tail().getAsLong());
        json.name("lag").value(asked.lag().orElse(0));
      }
      json.name("log_id").value(info.log().id());
      json.name("log_address").value(info.log().address());
      json.name("key_bytes_max").value(info.limits().keyBytesMax());
      json.name("value_bytes_max").value(info.limits().valueBytesMax());
      json.name("request_bytes_max").value(info.limits().requestBytesMax());
      json.name("batch_keys_max").value(info.limits().batchKeysMax());
      json.name("transaction_steps_max").value(info.limits().transactionStepsMax());
      json.name("session_window").value(info.limits().sessionWindow());
      json.name("sessions_max").value(info.limits().sessionsMax());
      if (info.checkpoints().isPresent()) {
        StatusCheckpoints.writeJson(json, info.checkpoints().get());
      }
      if (info.log().cost().isPresent()) {
        StatusCost.writeJson(json, info.log().cost().get());
      }
    }
    String reason = asked.reason();
    if (reason != null) {
      json.name("reason").value(reason);
    }
  }
}
