package io.tidemark.cli;

import com.google.gson.stream.JsonWriter;
import io.tidemark.client.ServerInfo.Checkpoint;
import io.tidemark.client.ServerInfo.CheckpointStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Locale;

/// What a server knows of checkpoints, as `status` tells it.
final class StatusCheckpoints {
  private StatusCheckpoints() {}

  /// A few lines for people.
  static void write(OutputStream out, String endpoint, CheckpointStatus status) throws IOException {
    String trimPoint =
        status.trimPoint().isPresent() ? Long.toString(status.trimPoint().getAsLong()) : "-";
    String text =
        """

        %s: checkpoint %s
          %s of records since; the log begins at %s
          here made %d, found right %d, installed %d, failed attempts %d%s%s
        """
            .formatted(
                endpoint,
                status.last().map(last -> last(last, status)).orElse("none yet"),
                mebibytes(status.logBytesSinceMark()),
                trimPoint,
                status.made(),
                status.verified(),
                status.installed(),
                status.failures(),
                status.doing().isEmpty() ? "" : "\n  now " + status.doing(),
                status.lastFailure().isEmpty() ? "" : "\n  failed: " + status.lastFailure());
    ClientCommand.print(out, text);
  }

  private static String last(Checkpoint last, CheckpointStatus status) {
    boolean isVerified = status.verifiedRevision().orElse(0) >= last.revision();
    String verified =
        isVerified
            ? "verified"
            : status.verifiedRevision().isPresent()
                ? "not yet verified; " + status.verifiedRevision().getAsLong() + " is"
                : "not yet verified";
    return "at revision %d of %s, %s, %s of it new; %s"
        .formatted(
            last.revision(),
            Instant.ofEpochMilli(last.logTimeMillis()),
            mebibytes(last.bytes()),
            mebibytes(last.newBytes()),
            verified);
  }

  /// One object for programs.
  static void writeJson(JsonWriter json, CheckpointStatus status) throws IOException {
    json.name("checkpoints").beginObject();
    json.name("doing").value(status.doing());
    if (status.last().isPresent()) {
      Checkpoint last = status.last().get();
      json.name("last_revision").value(last.revision());
      json.name("last_log_time_millis").value(last.logTimeMillis());
      json.name("last_bytes").value(last.bytes());
      json.name("last_new_bytes").value(last.newBytes());
    }
    if (status.verifiedRevision().isPresent()) {
      json.name("verified_revision").value(status.verifiedRevision().getAsLong());
    }
    if (status.trimPoint().isPresent()) {
      json.name("trim_point").value(status.trimPoint().getAsLong());
    }
    json.name("log_bytes_since_mark").value(status.logBytesSinceMark());
    json.name("made").value(status.made());
    json.name("verified").value(status.verified());
    json.name("installed").value(status.installed());
    json.name("failures").value(status.failures());
    json.name("last_failure").value(status.lastFailure());
    json.endObject();
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }
}
