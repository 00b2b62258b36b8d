package io.tidemark.statemachine;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.wire.ProposalRecord;

/// Turns proposals into the bytes of records and back: the protobuf messages of `record.proto`.
///
/// The same proposal always gives the same bytes. Any thread may call.
public final class ProposalCodec {
  private ProposalCodec() {}

  /// The bytes of a record.
  public static Bytes encode(Proposal proposal) {
    return Bytes.wrap(ProposalEncoder.encode(proposal).toByteArray());
  }

  /// Reads the bytes of a record; keys and values are copied out of it.
  ///
  /// @throws UpgradeRequiredException if anywhere in it there is a command, a case, a field or an
  ///   enum number that this version does not know
  /// @throws MalformedRecordException if it is not the bytes of a proposal
  public static Proposal decode(Bytes record) {
    return ProposalDecoder.decode(Wire.parse(ProposalRecord.parser(), record));
  }
}
