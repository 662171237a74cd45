// Two other ways to compute dL/dh of batch normalization, for study: they agree with the closed form of
// `normalizeBackward` within rounding and are slower. N rows, H features. See docs/batch-norm-gradient.md, "Three ways
// to compute it".

/// The computational graph of small steps, each with its own backward, from the last to the first.
///
///     9  y = scaled + beta                    dL/dscaled = dL/dy
///     8  scaled = gamma normalized            dL/dnormalized = dL/dscaled gamma
///     7  normalized = centered inverse        dL/dcentered = dL/dnormalized inverse;  dL/dinverse = sum_i
///   dL/dnormalized centered
///     6  inverse = 1 / deviation              dL/ddeviation = -dL/dinverse / deviation^2
///     5  deviation = sqrt(variance + epsilon) dL/dvariance = dL/ddeviation / (2 deviation)
///     4  variance = (1/N) sum_i squared       dL/dsquared = dL/dvariance / N
///     3  squared = centered^2                 dL/dcentered += 2 centered dL/dsquared
///     2  centered = h - mean                  dL/dh = dL/dcentered;  dL/dmean = -sum_i dL/dcentered
///     1  mean = (1/N) sum_i h                 dL/dh += dL/dmean / N
///
/// `gradient` (N x H) holds dL/dy before and dL/dh after; h is N x H, gamma 1 x H or absent (1). Source of the
/// decomposition: Kratzert 2016, "Understanding the backward pass through batch normalization layer".
func stagedNormalizeBackward<S: Scalar>(
    gradient: MatrixBlock<S>, h: MatrixBlock<S>, moments: NormalizationMoments<S>, epsilon: S, gamma: Matrix<S>?,
    centeredGradient scratch: Matrix<S>
) {
    let rows = gradient.count, features = gradient.stride
    let count = S(rows)
    let centeredGradient = scratch.base
    for j in gradient.columns {
        let mean = moments.mean.base[j], residual = moments.meanResidual.base[j]
        func centered(_ i: Int) -> S { h.base[i * features + j] - mean - residual }
        let deviation = (moments.variance.base[j] + epsilon).squareRoot()
        let inverse = 1 / deviation
        var inverseGradient: S = 0
        for i in 0..<rows {
            let scaledGradient = gradient.base[i * features + j]  // step 9
            let normalizedGradient = scaledGradient * (gamma?.base[j] ?? 1)  // step 8
            centeredGradient[i * features + j] = normalizedGradient * inverse  // step 7
            inverseGradient += normalizedGradient * centered(i)
        }
        let deviationGradient = -inverseGradient / (deviation * deviation)  // step 6
        let varianceGradient = deviationGradient / (2 * deviation)  // step 5
        let squaredGradient = varianceGradient / count  // step 4
        var meanGradient: S = 0
        for i in 0..<rows {
            centeredGradient[i * features + j] += 2 * centered(i) * squaredGradient  // step 3
            meanGradient -= centeredGradient[i * features + j]  // step 2
        }
        for i in 0..<rows {
            gradient.base[i * features + j] = centeredGradient[i * features + j] + meanGradient / count
        }  // step 1
    }
}

/// The Jacobian of each feature written out, J_ki = (variance + epsilon)^(-1/2) (delta_ki - 1/N - normalized_k
/// normalized_i / N), then dL/dh_i = sum_k dL/dy_k gamma J_ki: N^2 values a feature, so for small N.
///
/// `gradient` (N x H) holds dL/dy before and dL/dh after; `normalized` is N x H, gamma 1 x H or absent (1). Equation
/// (13).
func jacobianNormalizeBackward<S: Scalar>(
    gradient: MatrixBlock<S>, normalized: MatrixBlock<S>, moments: NormalizationMoments<S>, gamma: Matrix<S>?,
    jacobian: Matrix<S>, column: Matrix<S>, product: Matrix<S>
) {
    let rows = gradient.count, features = gradient.stride
    let inverseCount = 1 / S(rows)
    let jacobian = jacobian.base, column = column.base, product = product.base
    for j in gradient.columns {
        let inverse = moments.inverseStandardDeviation.base[j]
        for k in 0..<rows {
            column[k] = gradient.base[k * features + j] * (gamma?.base[j] ?? 1)
            let x = normalized.base[k * features + j]
            for i in 0..<rows {
                let delta: S = i == k ? 1 : 0
                jacobian[k * rows + i] =
                    inverse * (delta - inverseCount - x * normalized.base[i * features + j] * inverseCount)
            }
        }
        for i in 0..<rows { product[i] = 0 }
        for k in 0..<rows {
            for i in 0..<rows { product[i] += column[k] * jacobian[k * rows + i] }
        }
        for i in 0..<rows { gradient.base[i * features + j] = product[i] }
    }
}
