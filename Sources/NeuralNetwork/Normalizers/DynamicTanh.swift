import Keys
import Support

/// Dynamic tanh, which replaces a normalization without any statistics: output = gamma tanh(alpha h) + beta.
///
/// alpha is one trained value for the layer, gamma and beta have one for each unit. Source: Zhu, Chen, He, LeCun & Liu
/// 2025, "Transformers without normalization", equation 1.
package struct DynamicTanh: Normalization, Equatable {
    package static let kind = "dyt"
    package static let documentation = "Dynamic tanh, gamma tanh(alpha h) + beta (Zhu et al. 2025)."
    package static let ownParameterKinds = [ParameterKind(named: "alpha")]
    package let affine: AffineOptions
    package var placement: NormalizationPlacement
    package let noise: NormalizationNoise?
    let initialAlpha: Double

    package init(
        initialAlpha: Double = 0.5, affine: AffineOptions = AffineOptions(),
        placement: NormalizationPlacement = .beforeActivation, noise: NormalizationNoise? = nil
    ) {
        self.initialAlpha = initialAlpha
        self.affine = affine
        self.placement = placement
        self.noise = noise
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        initialAlpha = try keys("initial_alpha", .number(.any), 0.5, "alpha at the start; it is trained.")
        affine = try AffineOptions(keys)
        placement = try NormalizationPlacement(keys)
        noise = try NormalizationNoise.read(keys)
    }

    package var ownParameters: [OwnParameter] {
        [OwnParameter(kind: DynamicTanh.ownParameterKinds[0], isPerUnit: false, initialValue: initialAlpha)]
    }
    package var forgetsScale: Bool { false }
    package var faults: Set<Fault> { affine.hasScale ? [.forgetGamma] : [] }

    /// normalized = tanh(alpha h) and output = gamma normalized + beta, both overwritten (N x H).
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward<S: Scalar>(
        _ h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, columns: Range<Int>
    ) {
        let alpha = state.own[0].value.base[0], gamma = state.gamma?.value.base, beta = state.beta?.value.base
        for i in 0..<h.rows {
            let start = i * h.columns, t = buffers.normalized.base + start, y = buffers.output.base + start
            for j in 0..<h.columns { t[j] = S.hyperbolicTangent(alpha * h.base[start + j]) }
            for j in 0..<h.columns { y[j] = (gamma?[j] ?? 1) * t[j] + (beta?[j] ?? 0) }
        }
    }

    /// With t = tanh(alpha h) and u_ij = dL/doutput_ij gamma_j (1 - t_ij^2): dL/dh = alpha u and
    /// dL/dalpha = sum_ij u_ij h_ij, summed in Double; dL/dgamma and dL/dbeta are those of every normalization.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward<S: Scalar>(
        gradient: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, fault: Fault?,
        columns: Range<Int>
    ) {
        normalizationGradients(
            gradient: gradient.all, normalized: buffers.normalized.all,
            gammaGradient: state.gamma?.gradient ?? buffers.gammaGradient,
            betaGradient: state.beta?.gradient ?? buffers.betaGradient)
        let alpha = state.own[0].value.base[0], gamma = fault == .forgetGamma ? nil : state.gamma?.value.base
        var alphaGradient = 0.0
        for i in 0..<gradient.rows {
            let start = i * gradient.columns, g = gradient.base + start, t = buffers.normalized.base + start
            let x = h.base + start
            for j in 0..<gradient.columns { g[j] *= (gamma?[j] ?? 1) * (1 - t[j] * t[j]) }
            alphaGradient += sum(count: gradient.columns) { Double(g[$0]) * Double(x[$0]) }
            for j in 0..<gradient.columns { g[j] *= alpha }
        }
        state.own[0].gradient.base[0] = S(alphaGradient)
    }
}

/// With t = tanh(alpha h): R t = (1 - t^2) (R alpha h + alpha R h).
extension DynamicTanh: TwiceDifferentiable {
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forwardTangent<S: Scalar>(
        _ input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        let alpha = state.own[0].value.base[0], alphaTangent = tangents.own[0].direction.base[0]
        let t = buffers.normalized.base, rt = tangents.normalized.base
        for i in 0..<h.count {
            rt[i] = (1 - t[i] * t[i]) * (alphaTangent * h.base[i] + alpha * input.base[i])
        }
        scaleAndShiftTangent(
            tangents.normalized.all, normalized: buffers.normalized.all, scale: state.gamma?.value,
            scaleTangent: tangents.gamma?.direction, shiftTangent: tangents.beta?.direction,
            into: tangents.output.all)
    }

    /// With u = dL/doutput gamma (1 - t^2), of which dL/dh = alpha u and dL/dalpha = sum u h:
    /// R u = (R dL/doutput gamma + dL/doutput R gamma) (1 - t^2) - 2 dL/doutput gamma t R t.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backwardTangent<S: Scalar>(
        _ tangent: Matrix<S>, gradient: Matrix<S>, input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>,
        _ buffers: NormalizationBuffers<S>, _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        tangents.differentiateAffine(tangent, gradient: gradient, normalized: buffers.normalized)
        let alpha = state.own[0].value.base[0], alphaTangent = tangents.own[0].direction.base[0]
        let gamma = state.gamma?.value.base, gammaTangent = tangents.gamma?.direction.base
        let features = tangent.columns
        var alphaProduct = 0.0
        for i in 0..<tangent.rows {
            let start = i * features, rg = tangent.base + start, g = gradient.base + start
            let t = buffers.normalized.base + start, rt = tangents.normalized.base + start
            let x = h.base + start, rx = input.base + start
            for j in 0..<features {
                let slope = 1 - t[j] * t[j], scale = gamma?[j] ?? 1, scaleTangent = gammaTangent?[j] ?? 0
                let u = g[j] * scale * slope
                let uTangent = (rg[j] * scale + g[j] * scaleTangent) * slope - 2 * g[j] * scale * t[j] * rt[j]
                alphaProduct += Double(uTangent) * Double(x[j]) + Double(u) * Double(rx[j])
                rg[j] = alphaTangent * u + alpha * uTangent
            }
        }
        tangents.own[0].product.base[0] = S(alphaProduct)
    }
}
