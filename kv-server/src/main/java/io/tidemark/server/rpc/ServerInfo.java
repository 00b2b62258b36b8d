package io.tidemark.server.rpc;

import io.tidemark.api.v1.GetServerInfoResponse;
import io.tidemark.api.v1.LogRequests;
import io.tidemark.api.v1.LogStatus;
import io.tidemark.log.LogCost;
import io.tidemark.replica.CheckpointStatus;
import io.tidemark.replica.Limits;
import io.tidemark.replica.ReplicaCost;
import io.tidemark.replica.ReplicaStatus;
import io.tidemark.replica.Spending;
import io.tidemark.statemachine.Sessions;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Tells what this server is, what it accepts, and how far it has come.
final class ServerInfo {
  private final ReplicaCalls replica;
  private final io.tidemark.api.v1.Limits limits;
  private final RpcServer.Identity identity;

  ServerInfo(ReplicaCalls replica, Limits limits, RpcServer.Identity identity) {
    this.replica = replica;
    this.identity = identity;
    this.limits =
        io.tidemark.api.v1.Limits.newBuilder()
            .setKeyBytesMax(limits.keyBytesMax())
            .setValueBytesMax(limits.valueBytesMax())
            .setRequestBytesMax(limits.requestBytesMax())
            .setBatchKeysMax(limits.batchKeysMax())
            .setTransactionStepsMax(limits.transactionStepsMax())
            .setSessionWindow(Sessions.WINDOW)
            .setSessionsMax(Sessions.SESSIONS_MAX)
            .build();
  }

  /// Answers in any case: a log that cannot tell its tail in time is part of the answer.
  CompletableFuture<GetServerInfoResponse> ask(Duration timeout) {
    return replica.checkTail(timeout).handle(this::response);
  }

  private GetServerInfoResponse response(@Nullable Long tail, @Nullable Throwable failure) {
    ReplicaStatus status = replica.status();
    var log = LogStatus.newBuilder().setAddress(identity.logAddress());
    status.logId().ifPresent(id -> log.setId(id.toString()));
    status.cost().ifPresent(cost -> log.setCost(cost(cost)));
    if (tail != null) {
      log.setTail(tail);
    }
    if (failure != null) {
      log.setUnavailableBecause(String.valueOf(Failure.of(failure).getMessage()));
    }
    var response = GetServerInfoResponse.newBuilder();
    status.checkpoints().ifPresent(taken -> response.setCheckpoints(checkpoints(taken)));
    return response
        .setVersion(identity.version())
        .setLimits(limits)
        .setLog(log)
        .setRevision(status.applied() - 1)
        .setStoppedBecause(
            switch (status.state()) {
              case ReplicaStatus.State.Running(), ReplicaStatus.State.Closed() -> "";
              case ReplicaStatus.State.Stopped(String reason) -> reason;
            })
        .build();
  }

  private static io.tidemark.api.v1.CheckpointStatus checkpoints(CheckpointStatus status) {
    var message =
        io.tidemark.api.v1.CheckpointStatus.newBuilder()
            .setDoing(status.doing())
            .setLogBytesSinceMark(status.logBytesSinceMark())
            .setMade(status.made())
            .setVerified(status.verifiedHere())
            .setInstalled(status.installed())
            .setFailures(status.failures())
            .setLastFailure(status.lastFailure());
    status
        .last()
        .ifPresent(last ->
            message
                .setLastRevision(last.position() - 1)
                .setLastLogTimeMillis(last.logTimeMillis())
                .setLastBytes(last.bytes())
                .setLastNewBytes(last.newBytes()));
    status.verified().ifPresent(position -> message.setVerifiedRevision(position - 1));
    status.trimPoint().ifPresent(message::setTrimPoint);
    return message.build();
  }

  private static io.tidemark.api.v1.LogCost cost(ReplicaCost cost) {
    var message =
        io.tidemark.api.v1.LogCost.newBuilder()
            .setSinceStart(spending(cost.sinceStart()))
            .setLately(spending(cost.lately()));
    cost.log().budgetDollarsPerHour().ifPresent(message::setBudgetDollarsPerHour);
    cost.log().lines().forEach(line -> message.addRequests(requests(line)));
    return message.build();
  }

  private static LogRequests requests(LogCost.Line line) {
    return LogRequests.newBuilder()
        .setKind(line.kind().name().toLowerCase(Locale.ROOT))
        .setPurpose(line.purpose().name().toLowerCase(Locale.ROOT))
        .setRequests(line.count().requests())
        .setMissed(line.count().missed())
        .setFailed(line.count().failed())
        .setThrottled(line.count().throttled())
        .setBytesSent(line.count().bytesSent())
        .setBytesReceived(line.count().bytesReceived())
        .setDollars(line.dollars())
        .build();
  }

  private static io.tidemark.api.v1.Spending spending(Spending spending) {
    return io.tidemark.api.v1.Spending.newBuilder()
        .setSeconds(spending.time().toNanos() / 1e9)
        .setDollars(spending.dollars())
        .setWrites(spending.writes())
        .setWriteDollars(spending.writeDollars())
        .setStrongReads(spending.strongReads())
        .setReadDollars(spending.readDollars())
        .build();
  }
}
