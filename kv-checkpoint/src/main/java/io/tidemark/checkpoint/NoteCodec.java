package io.tidemark.checkpoint;

import io.tidemark.base.Bytes;
import io.tidemark.statemachine.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// How notes are written. Numbers are big endian; texts are `DataOutput`'s modified UTF-8 with two
/// bytes of length.
///
/// ```text
///   "TMCP" (4) | format (4) | kind (1) | what the kind says | SHA-256 of all before (32)
/// ```
///
/// Any format begins and ends so; a change to what a kind says takes a new [#FORMAT]. The same note
/// always gives the same bytes, which is how a writer knows its own again.
final class NoteCodec {
  /// The format that is written, and the newest that is read.
  static final int FORMAT = 1;

  private static final int MAGIC = 0x54_4d_43_50;
  private static final int HEAD_BYTES = 2 * Integer.BYTES + 1;
  private static final int TEXT_BYTES_MAX = 1_000;

  private static final byte IDENTITY = 1;
  private static final byte MAKING = 2;
  private static final byte COMPLETE = 3;
  private static final byte TOMBSTONE = 4;
  private static final byte VERIFIED = 5;
  private static final byte DOOMED = 6;
  private static final byte PINNED = 7;
  private static final byte FLOOR = 8;

  private NoteCodec() {}

  static Bytes encode(Note note) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(FORMAT);
      write(note, out);
      out.flush();
      out.write(Hashes.sha256(bytes.toByteArray(), bytes.size()).unsafeArray());
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return Bytes.wrap(bytes.toByteArray());
  }

  private static void write(Note note, DataOutputStream out) throws IOException {
    switch (note) {
      case Note.Identity(var logId) -> {
        out.writeByte(IDENTITY);
        write(logId, out);
      }
      case Note.Making(var maker, var base) -> {
        out.writeByte(MAKING);
        writeText(maker, out);
        out.writeLong(base);
      }
      case Note.Complete(var manifest) -> {
        out.writeByte(COMPLETE);
        write(manifest, out);
      }
      case Note.Tombstone(var why) -> {
        out.writeByte(TOMBSTONE);
        writeText(why, out);
      }
      case Note.Verified(var verdict) -> {
        out.writeByte(VERIFIED);
        writeText(verdict.verifier(), out);
        out.writeBoolean(verdict.isMaker());
        out.writeLong(verdict.wallMillis());
      }
      case Note.Doomed(var why) -> {
        out.writeByte(DOOMED);
        writeText(why, out);
      }
      case Note.Pinned(var who, var since) -> {
        out.writeByte(PINNED);
        writeText(who, out);
        out.writeBoolean(since.isPresent());
        out.writeLong(since.orElse(0L));
      }
      case Note.Floor() -> out.writeByte(FLOOR);
    }
  }

  private static void write(Manifest manifest, DataOutputStream out) throws IOException {
    Manifest.Facts facts = manifest.facts();
    write(facts.logId(), out);
    out.writeLong(facts.position());
    out.writeLong(facts.logTimeMillis());
    out.writeLong(facts.logBytes());
    out.writeInt(facts.viewFormat());
    out.writeLong(facts.digest().high());
    out.writeLong(facts.digest().low());
    out.writeLong(facts.rows());
    writeText(facts.maker(), out);
    out.writeInt(manifest.roots().size());
    for (String root : manifest.roots()) {
      writeText(root, out);
    }
    out.writeInt(manifest.files().size());
    for (Manifest.StoredFile file : manifest.files()) {
      writeText(file.name(), out);
      out.writeInt(file.pieces().size());
      for (Manifest.Piece piece : file.pieces()) {
        out.writeInt(piece.root());
        out.writeLong(piece.position());
        out.write(piece.sha256().unsafeArray());
        out.writeInt(piece.length());
      }
    }
  }

  private static void write(UUID id, DataOutputStream out) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  /// For people, mostly: what is too long is cut.
  private static void writeText(String text, DataOutputStream out) throws IOException {
    out.writeUTF(text.length() <= TEXT_BYTES_MAX ? text : text.substring(0, TEXT_BYTES_MAX));
  }

  /// Reads a note.
  ///
  /// @param key names the object, for people
  /// @throws CheckpointException.Damaged if it is not what was written
  /// @throws CheckpointException.NewerFormat if it is of a newer format
  static Note decode(String key, Bytes object) {
    byte[] bytes = object.unsafeArray();
    int end = bytes.length - Manifest.HASH_BYTES;
    if (end < HEAD_BYTES) {
      throw new CheckpointException.Damaged(key, "it is cut short");
    }
    if (ByteBuffer.wrap(bytes).getInt() != MAGIC) {
      throw new CheckpointException.Damaged(key, "it is nothing that Tidemark writes there");
    }
    var hash = Bytes.wrap(Arrays.copyOfRange(bytes, end, bytes.length));
    if (!Hashes.sha256(bytes, end).equals(hash)) {
      throw new CheckpointException.Damaged(key, "its checksum is wrong");
    }
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes, Integer.BYTES, end - 4))) {
      int format = in.readInt();
      if (format > FORMAT) {
        throw new CheckpointException.NewerFormat(key, format, FORMAT);
      }
      Note note = read(in);
      if (in.available() > 0) {
        throw new CheckpointException.Damaged(key, "more follows than belongs there");
      }
      return note;
    } catch (IOException | IllegalArgumentException e) {
      throw new CheckpointException.Damaged(key, "it makes no sense: " + e, e);
    }
  }

  private static Note read(DataInputStream in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case IDENTITY -> new Note.Identity(readId(in));
      case MAKING -> new Note.Making(in.readUTF(), in.readLong());
      case COMPLETE -> new Note.Complete(readManifest(in));
      case TOMBSTONE -> new Note.Tombstone(in.readUTF());
      case VERIFIED ->
          new Note.Verified(new Verdict(in.readUTF(), in.readBoolean(), in.readLong()));
      case DOOMED -> new Note.Doomed(in.readUTF());
      case PINNED -> {
        String who = in.readUTF();
        boolean ends = in.readBoolean();
        long since = in.readLong();
        yield new Note.Pinned(who, ends ? Optional.of(since) : Optional.empty());
      }
      case FLOOR -> new Note.Floor();
      default -> throw new IllegalArgumentException("there is no kind " + kind);
    };
  }

  private static Manifest readManifest(DataInputStream in) throws IOException {
    var facts =
        new Manifest.Facts(
            readId(in),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readInt(),
            new Digest(in.readLong(), in.readLong()),
            in.readLong(),
            in.readUTF());
    var roots = new ArrayList<String>();
    for (int left = in.readInt(); left > 0; left--) {
      roots.add(in.readUTF());
    }
    var files = new ArrayList<Manifest.StoredFile>();
    for (int left = in.readInt(); left > 0; left--) {
      files.add(new Manifest.StoredFile(in.readUTF(), readPieces(in, roots.size())));
    }
    return new Manifest(facts, roots, files);
  }

  private static List<Manifest.Piece> readPieces(DataInputStream in, int rootsMax)
      throws IOException {
    var pieces = new ArrayList<Manifest.Piece>();
    for (int left = in.readInt(); left > 0; left--) {
      int root = in.readInt();
      if (root > rootsMax) {
        throw new IllegalArgumentException("there is no root " + root);
      }
      long position = in.readLong();
      byte[] hash = new byte[Manifest.HASH_BYTES];
      in.readFully(hash);
      pieces.add(new Manifest.Piece(root, position, Bytes.wrap(hash), in.readInt()));
    }
    return pieces;
  }

  private static UUID readId(DataInputStream in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }
}
