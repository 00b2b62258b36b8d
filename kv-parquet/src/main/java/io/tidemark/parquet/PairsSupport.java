package io.tidemark.parquet;

import io.tidemark.base.Bytes;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/// Says to Apache's writer what a pair is.
final class PairsSupport extends WriteSupport<PairsSupport.Row> {
  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(PrimitiveTypeName.BINARY)
          .named("key")
          .required(PrimitiveTypeName.BINARY)
          .named("value")
          .required(PrimitiveTypeName.INT64)
          .named("create_revision")
          .required(PrimitiveTypeName.INT64)
          .named("modify_revision")
          .required(PrimitiveTypeName.INT64)
          .named("version")
          .named("tidemark");

  private Map<String, String> whole = Map.of();

  @SuppressWarnings("NullAway.Init") // by prepareForWrite, before any row
  private RecordConsumer consumer;

  /// A pair and what is known of it.
  record Row(Bytes key, Bytes value, long createRevision, long modifyRevision, long version) {}

  /// What the file's metadata will say.
  void sayOfTheWhole(Map<String, String> metadata) {
    whole = Map.copyOf(metadata);
  }

  @Override
  @SuppressWarnings("deprecation") // abstract, but not called where there is no Hadoop
  public WriteContext init(Configuration configuration) {
    return context();
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return context();
  }

  private static WriteContext context() {
    return new WriteContext(SCHEMA, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer of) {
    consumer = of;
  }

  @Override
  public void write(Row row) {
    consumer.startMessage();
    binary(0, row.key());
    binary(1, row.value());
    number(2, row.createRevision());
    number(3, row.modifyRevision());
    number(4, row.version());
    consumer.endMessage();
  }

  private void binary(int field, Bytes bytes) {
    consumer.startField(SCHEMA.getFieldName(field), field);
    consumer.addBinary(Binary.fromConstantByteArray(bytes.unsafeArray()));
    consumer.endField(SCHEMA.getFieldName(field), field);
  }

  private void number(int field, long number) {
    consumer.startField(SCHEMA.getFieldName(field), field);
    consumer.addLong(number);
    consumer.endField(SCHEMA.getFieldName(field), field);
  }

  @Override
  public FinalizedWriteContext finalizeWrite() {
    return new FinalizedWriteContext(whole);
  }

  /// Makes a writer that uses this.
  static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private final PairsSupport support;

    Builder(OutputFile file, PairsSupport support) {
      super(file);
      this.support = support;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract, but not called where there is no Hadoop
    protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
      return support;
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(ParquetConfiguration configuration) {
      return support;
    }
  }
}
