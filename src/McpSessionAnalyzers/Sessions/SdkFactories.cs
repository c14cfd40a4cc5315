using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>The closed set of calls by which the SDK opens a session. By symbol: users have an McpClientFactory of their own.</summary>
internal sealed class SdkFactories
{
    private readonly McpSymbols _symbols;

    public SdkFactories(McpSymbols symbols) => _symbols = symbols;

    public OpeningKind? KindOf(IMethodSymbol method)
    {
        switch (method.Name)
        {
            case "CreateAsync" when method.IsStatic && _symbols.ClientFactories.Contains(method.ContainingType):
                return OpeningKind.Factory;
            case "ResumeSessionAsync" when method.IsStatic && _symbols.ClientFactories.Contains(method.ContainingType):
                return OpeningKind.Resume;
            // A transport written in source is judged like the interface that it implements.
            case "ConnectAsync" when !method.IsStatic && _symbols.ClientTransports.ContainsBaseOf(method.ContainingType)
                && method.ReturnType is INamedTypeSymbol { TypeArguments: { Length: 1 } result } && _symbols.SessionTransports.ContainsBaseOf(result[0]):
                return OpeningKind.Connect;
            default:
                return null;
        }
    }

    public Opening? Classify(IInvocationOperation invocation)
    {
        if (KindOf(invocation.TargetMethod) is not { } kind)
        {
            return null;
        }

        if (kind == OpeningKind.Connect)
        {
            var inputs = invocation.Instance is { } instance ? ImmutableArray.Create(instance) : ImmutableArray<IOperation>.Empty;
            return new Opening(kind, invocation, invocation.TargetMethod, ImmutableArray<Opening>.Empty, invocation.Instance, inputs);
        }

        // A logger decides nothing about the session, and a token only its opening.
        var deciding = invocation.Arguments
            .Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue
                && argument.Parameter?.Name is not ("loggerFactory" or "cancellationToken"))
            .Select(argument => argument.Value)
            .ToImmutableArray();
        var transport = invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;
        return new Opening(kind, invocation, invocation.TargetMethod, ImmutableArray<Opening>.Empty, transport, deciding);
    }
}
