package io.tidemark.cli;

import com.google.gson.stream.JsonWriter;
import io.tidemark.client.Answer;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TransactResult;
import io.tidemark.client.Transaction;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `txn`: decides on conditions and does one of two lists of operations.
@Command(
    name = "txn",
    description = {
      "Decide on conditions and do one of two lists of operations, at one revision.",
      "",
      "  CONDITION  exists KEY | missing KEY | value KEY CMP VALUE",
      "             created KEY CMP N | modified KEY CMP N | version KEY CMP N",
      "  OPERATION  put KEY VALUE | get KEY | del KEY | del-prefix PREFIX | del-range FROM TO",
      "  CMP        =  !=  <  >",
      "",
      "A word in double quotes may hold spaces. For example:",
      "  tidemark txn --if 'missing lock' --then 'put lock mine' --else 'get lock'",
      "",
      "With - the transaction is JSON on standard input:",
      "  {\"conditions\": [{\"test\": \"value\", \"key\": \"k\", \"is\": \"=\", \"operand\":"
          + " \"v\"}],",
      "   \"then\": [{\"op\": \"put\", \"key\": \"k\", \"value\": \"w\"}], \"else\": []}",
      "",
      "Conditions that do not hold are exit code 4."
    })
public final class TxnCommand extends ClientCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "-",
      description = "Read the transaction as JSON from standard input.")
  private @Nullable String source;

  @Option(names = "--if", paramLabel = "CONDITION", description = "A condition; all must hold.")
  private List<String> conditions = List.of();

  @Option(
      names = "--then",
      paramLabel = "OPERATION",
      description = "Done in order if every condition holds.")
  private List<String> then = List.of();

  @Option(
      names = "--else",
      paramLabel = "OPERATION",
      description = "Done in order if a condition does not hold.")
  private List<String> otherwise = List.of();

  @Mixin private final TextOptions text = new TextOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  TxnCommand(Streams streams) {
    super(streams);
  }

  @Override
  int run(OutputStream out) throws IOException {
    Transaction transaction = transaction();
    try (TidemarkClient client = connect()) {
      TransactResult result = client.transact(transaction);
      switch (output.format()) {
        case TABLE -> writeText(out, result);
        case JSON -> println(out, Json.object(json -> writeJson(json, result)));
        case RAW -> writeRaw(out, result);
      }
      return result.succeeded() ? ExitCode.OK : ExitCode.CONDITION_FAILED;
    }
  }

  private Transaction transaction() throws IOException {
    boolean inWords = !(conditions.isEmpty() && then.isEmpty() && otherwise.isEmpty());
    if (source == null ? !inWords : inWords || !source.equals("-")) {
      throw new Usage("give --if, --then and --else, or - for JSON on standard input");
    }
    if (source != null) {
      return TxnJson.read(new InputStreamReader(streams().in(), StandardCharsets.UTF_8));
    }
    var syntax = new TxnSyntax(text);
    return new Transaction(
        conditions.stream().map(syntax::condition).toList(),
        then.stream().map(syntax::operation).toList(),
        otherwise.stream().map(syntax::operation).toList());
  }

  private void writeText(OutputStream out, TransactResult result) throws IOException {
    println(
        out,
        (result.succeeded() ? "conditions held" : "conditions did not hold")
            + ", revision "
            + result.revision());
    int number = 1;
    for (Answer answer : result.answers()) {
      String said =
          switch (answer) {
            case Answer.Written _ -> "ok";
            case Answer.Deleted(long count) -> "deleted " + count;
            case Answer.Found(var pair) ->
                pair.map(found -> text.text(found.key()) + " = " + text.text(found.value()))
                    .orElse("no such key");
          };
      println(out, number++ + ": " + said);
    }
  }

  private static void writeJson(JsonWriter json, TransactResult result) throws IOException {
    json.name("succeeded").value(result.succeeded());
    json.name("revision").value(result.revision());
    json.name("answers").beginArray();
    for (Answer answer : result.answers()) {
      json.beginObject();
      switch (answer) {
        case Answer.Written _ -> json.name("written").value(true);
        case Answer.Deleted(long count) -> json.name("deleted").value(count);
        case Answer.Found(var pair) -> {
          json.name("found").value(pair.isPresent());
          if (pair.isPresent()) {
            Json.pair(json, pair.get(), false);
          }
        }
      }
      json.endObject();
    }
    json.endArray();
  }

  private static void writeRaw(OutputStream out, TransactResult result) throws IOException {
    for (Answer answer : result.answers()) {
      switch (answer) {
        case Answer.Written _ -> {}
        case Answer.Deleted(long count) -> println(out, Long.toString(count));
        case Answer.Found(var pair) -> {
          if (pair.isPresent()) {
            out.write(pair.get().value().unsafeArray());
            out.write('\n');
          }
        }
      }
    }
  }
}
