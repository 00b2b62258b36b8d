# The tidemark command in an image: `docker build -t tidemark .`, then `docker run tidemark serve ...`.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -q -B -ntp package -DskipTests -pl kv-dist -am

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 1000 tidemark \
 && useradd --system --uid 1000 --gid tidemark --home-dir /var/lib/tidemark --create-home tidemark
COPY --from=build /src/kv-dist/target/tidemark/lib /opt/tidemark/lib
USER tidemark
WORKDIR /var/lib/tidemark
VOLUME /var/lib/tidemark
EXPOSE 4379 4380 8080
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=25", "-XX:+ExitOnOutOfMemoryError", \
            "--enable-native-access=ALL-UNNAMED", "-cp", "/opt/tidemark/lib/*", "io.tidemark.dist.Main"]
CMD ["serve", "--grpc", "0.0.0.0:4379", "--admin", "0.0.0.0:8080"]
