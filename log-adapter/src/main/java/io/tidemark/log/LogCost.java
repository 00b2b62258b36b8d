package io.tidemark.log;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;

/// What a process has asked of a log's provider since it opened the log, and what that costs: of a
/// provider that charges for every request.
///
/// Whatever was sent is counted, whatever became of it, so that a bill may be lower. What is stored
/// is not in it.
///
/// @param lines what was asked: always the same ones, each purpose and kind at most once
/// @param recordsAppended the records that these requests put into the log, acknowledged: this
///   process's own, and those that others handed to it
/// @param budgetDollarsPerHour what the process was told to keep to
public record LogCost(List<Line> lines, long recordsAppended, OptionalDouble budgetDollarsPerHour) {
  /// What a request is billed as.
  public enum Kind {
    /// Writes one object, or finds that it is there.
    PUT,
    /// Reads one object, or finds that it is not there.
    GET,
    /// Names up to 1,000 objects.
    LIST,
    /// Deletes up to 1,000 objects.
    DELETE
  }

  /// What a request is for.
  public enum Purpose {
    /// To append, and to find out what became of appends.
    APPEND,
    /// To prove the tail to who asked for it.
    TAIL,
    /// To follow the log: to look for what others append, and to read it.
    FOLLOW,
    /// To open the log, to know its trim point, and to trim it.
    UPKEEP
  }

  /// How many requests there were, and what they carried.
  ///
  /// @param requests that were sent, whatever became of them
  /// @param missed of those, to create what was there, or to read what was not
  /// @param failed of those, answered with an error or not at all
  /// @param throttled of the failed, those by which the provider asked for fewer requests
  /// @param bytesSent of the objects in these requests
  /// @param bytesReceived of the objects in their answers
  public record Count(
      long requests,
      long missed,
      long failed,
      long throttled,
      long bytesSent,
      long bytesReceived) {}

  /// The requests of one kind for one purpose, and what they cost.
  public record Line(Purpose purpose, Kind kind, Count count, double dollars) {}

  /// Copies the list.
  public LogCost {
    lines = List.copyOf(lines);
  }

  /// What all of it costs.
  public double dollars() {
    return lines.stream().mapToDouble(Line::dollars).sum();
  }

  /// What one purpose costs.
  public double dollars(Purpose purpose) {
    return lines.stream().filter(line -> line.purpose == purpose).mapToDouble(Line::dollars).sum();
  }

  /// A figure of all requests of one kind.
  public long sum(Kind kind, ToLongFunction<Count> figure) {
    return lines.stream()
        .filter(line -> line.kind == kind)
        .mapToLong(line -> figure.applyAsLong(line.count))
        .sum();
  }
}
