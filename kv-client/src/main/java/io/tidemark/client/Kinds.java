package io.tidemark.client;

import io.tidemark.api.v1.BatchGetRequest;
import io.tidemark.api.v1.BatchGetResponse;
import io.tidemark.api.v1.DeleteRangeRequest;
import io.tidemark.api.v1.DeleteRangeResponse;
import io.tidemark.api.v1.DeleteRequest;
import io.tidemark.api.v1.DeleteResponse;
import io.tidemark.api.v1.GetRequest;
import io.tidemark.api.v1.GetResponse;
import io.tidemark.api.v1.GetServerInfoRequest;
import io.tidemark.api.v1.GetServerInfoResponse;
import io.tidemark.api.v1.KeyValueGrpc;
import io.tidemark.api.v1.OpenSessionRequest;
import io.tidemark.api.v1.OpenSessionResponse;
import io.tidemark.api.v1.PutRequest;
import io.tidemark.api.v1.PutResponse;
import io.tidemark.api.v1.TransactRequest;
import io.tidemark.api.v1.TransactResponse;
import java.util.Optional;

/// Every kind of request with a single answer.
final class Kinds {
  static final Request.Kind<GetRequest, GetResponse, GetResult> GET =
      new Request.Kind<>(
          KeyValueGrpc.getGetMethod(),
          false,
          GetResponse::getRevision,
          (response, endpoint) ->
              new GetResult(
                  response.getRevision(),
                  response.hasPair()
                      ? Optional.of(Wire.keyValue(response.getPair()))
                      : Optional.empty()));

  static final Request.Kind<BatchGetRequest, BatchGetResponse, BatchGetResult> BATCH_GET =
      new Request.Kind<>(
          KeyValueGrpc.getBatchGetMethod(),
          false,
          BatchGetResponse::getRevision,
          (response, endpoint) ->
              new BatchGetResult(response.getRevision(), Wire.keyValues(response.getPairsList())));

  static final Request.Kind<PutRequest, PutResponse, PutResult> PUT =
      new Request.Kind<>(
          KeyValueGrpc.getPutMethod(),
          true,
          PutResponse::getRevision,
          (response, endpoint) -> new PutResult(response.getRevision()));

  static final Request.Kind<DeleteRequest, DeleteResponse, DeleteResult> DELETE =
      new Request.Kind<>(
          KeyValueGrpc.getDeleteMethod(),
          true,
          DeleteResponse::getRevision,
          (response, endpoint) -> new DeleteResult(response.getRevision(), response.getDeleted()));

  static final Request.Kind<DeleteRangeRequest, DeleteRangeResponse, DeleteRangeResult>
      DELETE_RANGE =
          new Request.Kind<>(
              KeyValueGrpc.getDeleteRangeMethod(),
              true,
              DeleteRangeResponse::getRevision,
              (response, endpoint) ->
                  new DeleteRangeResult(response.getRevision(), response.getDeletedCount()));

  static final Request.Kind<TransactRequest, TransactResponse, TransactResult> TRANSACT =
      new Request.Kind<>(
          KeyValueGrpc.getTransactMethod(),
          true,
          TransactResponse::getRevision,
          (response, endpoint) -> Wire.transactResult(response));

  /// Opening a session twice does no harm: nobody uses the other.
  static final Request.Kind<OpenSessionRequest, OpenSessionResponse, Long> OPEN_SESSION =
      new Request.Kind<>(
          KeyValueGrpc.getOpenSessionMethod(),
          false,
          OpenSessionResponse::getSession,
          (response, endpoint) -> response.getSession());

  /// What it tells is how far the server has come, not what this client has seen.
  static final Request.Kind<GetServerInfoRequest, GetServerInfoResponse, ServerInfo> SERVER_INFO =
      new Request.Kind<>(
          KeyValueGrpc.getGetServerInfoMethod(), false, response -> 0, Wire::serverInfo);

  private Kinds() {}
}
