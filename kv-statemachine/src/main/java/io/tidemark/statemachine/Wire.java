package io.tidemark.statemachine;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.tidemark.base.Bytes;

/// What the codecs share: bytes without needless copies, and the refusal of what is not known.
final class Wire {
  private Wire() {}

  /// Parses all of the bytes.
  static <M extends Message> M parse(Parser<M> parser, Bytes encoded) {
    CodedInputStream input = UnsafeByteOperations.unsafeWrap(encoded.unsafeArray()).newCodedInput();
    // The messages live no longer than the call that decodes them, and only read the array.
    input.enableAliasing(true);
    try {
      M message = parser.parseFrom(input);
      input.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Returns the message if every one of its fields is known.
  static <M extends Message> M known(M message) {
    var unknown = message.getUnknownFields().asMap();
    if (!unknown.isEmpty()) {
      int number = unknown.keySet().stream().mapToInt(Integer::intValue).min().orElseThrow();
      throw new UpgradeRequiredException(
          "field " + number + " of " + message.getDescriptorForType().getFullName());
    }
    return message;
  }

  static ByteString wrap(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.unsafeArray());
  }

  static Bytes copy(ByteString bytes) {
    return Bytes.wrap(bytes.toByteArray());
  }
}
