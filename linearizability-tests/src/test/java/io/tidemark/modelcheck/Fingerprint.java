package io.tidemark.modelcheck;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// 64 bits for a value made of records, lists, enums, numbers, truths and texts. Equal values have
/// equal fingerprints; that unequal ones do among `n` values has a chance of about `n * n / 2^65`.
final class Fingerprint {
  private static final ClassValue<MethodHandle[]> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected MethodHandle[] computeValue(Class<?> type) {
          return accessors(type);
        }
      };

  private Fingerprint() {}

  static long of(Object value) {
    return mix(add(0x243F6A8885A308D3L, value));
  }

  private static long add(long hash, @Nullable Object value) {
    return switch (value) {
      case null -> fold(hash, 1);
      case Integer number -> fold(fold(hash, 2), number);
      case Long number -> fold(fold(hash, 3), number);
      case Boolean truth -> fold(hash, truth ? 5 : 4);
      case Enum<?> constant -> add(fold(hash, 6), constant.name());
      case String text -> {
        long next = fold(fold(hash, 7), text.length());
        for (int i = 0; i < text.length(); i++) {
          next = fold(next, text.charAt(i));
        }
        yield next;
      }
      case List<?> list -> {
        long next = fold(fold(hash, 8), list.size());
        for (Object element : list) {
          next = add(next, element);
        }
        yield next;
      }
      case Record parts -> addParts(hash, parts);
      default -> throw new IllegalArgumentException("no part of a state: " + value.getClass());
    };
  }

  private static long addParts(long hash, Record parts) {
    long next = fold(fold(hash, 9), parts.getClass().getName().hashCode());
    try {
      for (MethodHandle component : COMPONENTS.get(parts.getClass())) {
        next = add(next, (Object) component.invokeExact((Object) parts));
      }
    } catch (Throwable failure) {
      throw new IllegalArgumentException("unreadable: " + parts, failure);
    }
    return next;
  }

  private static MethodHandle[] accessors(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    var handles = new MethodHandle[components.length];
    try {
      for (int i = 0; i < handles.length; i++) {
        var accessor = components[i].getAccessor();
        accessor.setAccessible(true);
        handles[i] =
            MethodHandles.lookup()
                .unreflect(accessor)
                .asType(methodType(Object.class, Object.class));
      }
    } catch (IllegalAccessException failure) {
      throw new IllegalArgumentException("unreadable: " + type, failure);
    }
    return handles;
  }

  private static long fold(long hash, long value) {
    return mix(hash * 0x9E3779B97F4A7C15L + value);
  }

  /// The finalizer of MurmurHash3: each bit of the input turns half of the bits of the output.
  private static long mix(long value) {
    long x = value;
    x = (x ^ (x >>> 33)) * 0xFF51AFD7ED558CCDL;
    x = (x ^ (x >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return x ^ (x >>> 33);
  }
}
