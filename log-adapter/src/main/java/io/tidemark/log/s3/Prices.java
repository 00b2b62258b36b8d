package io.tidemark.log.s3;

import io.tidemark.log.LogCost.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// What a store charges for requests, as price lists have it: in dollars for a thousand requests,
/// and for a gigabyte, of 2^30 bytes, that they carry. Deletes are free. What is stored is not in
/// it.
///
/// @param put a thousand requests to write an object
/// @param get a thousand requests to read one
/// @param list a thousand requests to name objects
/// @param sent a gigabyte sent to the store
/// @param received a gigabyte received from it
public record Prices(double put, double get, double list, double sent, double received) {
  /// S3 Standard in us-east-1, within its region.
  public static final Prices STANDARD = new Prices(0.005, 0.0004, 0.005, 0, 0);

  /// S3 Express One Zone in us-east-1, within its region.
  public static final Prices EXPRESS = new Prices(0.00113, 0.00003, 0.00113, 0.0032, 0.0006);

  private static final double GIGABYTE = 1 << 30;
  private static final Pattern PRICE = Pattern.compile("\\s*([a-z]+)\\s*=\\s*(\\d+(\\.\\d+)?)\\s*");

  /// Checks that none is negative.
  ///
  /// @throws IllegalArgumentException if one is
  public Prices {
    for (double price : new double[] {put, get, list, sent, received}) {
      if (!(price >= 0) || Double.isInfinite(price)) {
        throw new IllegalArgumentException("a price is zero or more dollars, not " + price);
      }
    }
  }

  /// The list prices of a bucket of this name: a directory bucket's are those of Express One Zone.
  public static Prices of(String bucket) {
    return AwsPlace.isDirectory(bucket) ? EXPRESS : STANDARD;
  }

  /// These, with those that are named in `text` instead: `put=0.005,get=0.0004`, with any of `put`,
  /// `get`, `list`, `sent`, `received`.
  ///
  /// @throws IllegalArgumentException saying what is accepted, if it is none of that
  public Prices with(String text) {
    Map<String, Double> prices = new LinkedHashMap<>();
    prices.put("put", put);
    prices.put("get", get);
    prices.put("list", list);
    prices.put("sent", sent);
    prices.put("received", received);
    for (String each : text.split(",", -1)) {
      var matcher = PRICE.matcher(each);
      if (!matcher.matches() || prices.replace(matcher.group(1), parse(matcher.group(2))) == null) {
        throw new IllegalArgumentException(
            "'"
                + each
                + "' is no price: write put, get, list (dollars for 1,000 requests), sent or"
                + " received (dollars for a gigabyte), as in put=0.005,get=0.0004");
      }
    }
    return new Prices(
        price(prices, "put"),
        price(prices, "get"),
        price(prices, "list"),
        price(prices, "sent"),
        price(prices, "received"));
  }

  private static double parse(String digits) {
    return Double.parseDouble(digits);
  }

  private static double price(Map<String, Double> prices, String name) {
    return Objects.requireNonNull(prices.get(name));
  }

  /// What these requests of one kind cost, in dollars.
  double dollars(Kind kind, long requests, long bytesSent, long bytesReceived) {
    double thousand =
        switch (kind) {
          case PUT -> put;
          case GET -> get;
          case LIST -> list;
          case DELETE -> 0;
        };
    return requests * thousand / 1_000
        + bytesSent * sent / GIGABYTE
        + bytesReceived * received / GIGABYTE;
  }
}
