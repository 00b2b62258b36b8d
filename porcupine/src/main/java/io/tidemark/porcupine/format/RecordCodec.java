package io.tidemark.porcupine.format;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns records into JSON values and back, by their components.
///
/// A record becomes an object with its components; one of a sealed interface says which in the
/// member `type`. Components may be `String`, `Long`, `Integer`, `Boolean`, their primitives,
/// records, sealed interfaces of records, and lists of these; null is written as null. The inputs
/// and outputs of all shipped models are such records.
///
/// @param <T> the record, or the sealed interface
public final class RecordCodec<T> {
  private static final String TYPE = "type";

  private final Class<T> type;

  private RecordCodec(Class<T> type) {
    this.type = type;
  }

  /// The codec of a record or of a sealed interface of records.
  public static <T> RecordCodec<T> of(Class<T> type) {
    if (!type.isRecord() && !type.isSealed()) {
      throw new IllegalArgumentException(type + " is neither a record nor sealed");
    }
    return new RecordCodec<>(type);
  }

  /// The value as JSON.
  public @Nullable Object toJson(T value) {
    return encode(type, value);
  }

  /// The value of a JSON value that [#toJson] made.
  ///
  /// @throws IllegalArgumentException if it did not
  public T fromJson(@Nullable Object json) {
    Object value = decode(type, json);
    if (value == null) {
      throw new IllegalArgumentException("null is no " + type.getSimpleName());
    }
    return type.cast(value);
  }

  private static @Nullable Object encode(Type declared, @Nullable Object value) {
    if (value == null
        || value instanceof String
        || value instanceof Long
        || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> elements = new ArrayList<>();
      for (Object element : list) {
        elements.add(encode(elementOf(declared), element));
      }
      return elements;
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    if (rawOf(declared).isSealed()) {
      object.put(TYPE, value.getClass().getSimpleName());
    }
    for (RecordComponent component : componentsOf(value.getClass())) {
      try {
        component.getAccessor().setAccessible(true);
        object.put(
            component.getName(),
            encode(component.getGenericType(), component.getAccessor().invoke(value)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("cannot read " + component, e);
      }
    }
    return object;
  }

  private static @Nullable Object decode(Type declared, @Nullable Object json) {
    Class<?> raw = rawOf(declared);
    if (json == null) {
      require(!raw.isPrimitive(), "null is not a " + raw.getName());
      return null;
    }
    if (raw == String.class || raw == Boolean.class || raw == boolean.class) {
      require(json instanceof Boolean == (raw != String.class), json + " is not a " + raw);
      require(raw != String.class || json instanceof String, json + " is not a string");
      return json;
    }
    if (raw == long.class || raw == Long.class) {
      require(json instanceof Long, json + " is not a whole number");
      return json;
    }
    if (raw == int.class || raw == Integer.class) {
      require(json instanceof Long, json + " is not a whole number");
      return Math.toIntExact((Long) json);
    }
    if (raw == List.class) {
      require(json instanceof List, json + " is not a list");
      List<@Nullable Object> elements = new ArrayList<>();
      for (Object element : (List<?>) json) {
        elements.add(decode(elementOf(declared), element));
      }
      return elements;
    }
    require(json instanceof Map, json + " is not an object");
    return decodeRecord(raw, (Map<?, ?>) json);
  }

  private static Object decodeRecord(Class<?> raw, Map<?, ?> object) {
    Class<?> type = raw;
    if (raw.isSealed()) {
      Object name = object.get(TYPE);
      type =
          Arrays.stream(raw.getPermittedSubclasses())
              .filter(c -> c.getSimpleName().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> new IllegalArgumentException(name + " is no " + raw.getSimpleName()));
    }
    RecordComponent[] components = componentsOf(type);
    int members = components.length + (raw.isSealed() ? 1 : 0);
    @Nullable Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      require(object.containsKey(name), type.getSimpleName() + " without " + name);
      values[i] = decode(components[i].getGenericType(), object.get(name));
      types[i] = components[i].getType();
    }
    require(object.size() == members, "unknown members in " + object.keySet());
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(type.getSimpleName() + " refuses " + object, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("cannot make a " + type.getName(), e);
    }
  }

  private static RecordComponent[] componentsOf(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalArgumentException(type + " is not a record");
    }
    return components;
  }

  private static Class<?> rawOf(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  private static Type elementOf(Type list) {
    if (list instanceof ParameterizedType generic) {
      return generic.getActualTypeArguments()[0];
    }
    throw new IllegalArgumentException("a list of unknown elements: " + list);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
