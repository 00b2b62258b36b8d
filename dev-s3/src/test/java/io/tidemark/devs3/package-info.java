/// Tests of the endpoint, mostly with the AWS SDK as an independent reading of S3.
@NullMarked
package io.tidemark.devs3;

import org.jspecify.annotations.NullMarked;
