using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Whether two sessions are with the same server.</summary>
internal enum SameServer
{
    Unknown,
    Yes,
    No,
}

/// <summary>
/// What an opening says of its server: the constants, fields and parameters that give the endpoint, or the command and its arguments, else the
/// transport itself. Headers, names and timeouts make no other server.
/// </summary>
internal sealed class ServerIdentity
{
    private const int MaxHops = 8;

    private static readonly string[] Deciding = { "Endpoint", "Command", "Arguments" };

    private readonly SessionFacts _facts;
    private readonly CancellationToken _cancellationToken;
    private readonly ImmutableArray<Part> _parts;

    private ServerIdentity(TracedOpening traced, SessionFacts facts, CancellationToken cancellationToken)
    {
        _facts = facts;
        _cancellationToken = cancellationToken;
        var (opening, body) = (traced.Opening, traced.Body);
        if (!opening.Path.IsEmpty && opening.Inputs.IsEmpty && facts.Bodies.Containing(opening.Innermost.Operation.Syntax, cancellationToken) is { } inside)
        {
            // A helper that decides all by itself: what it opens is what it names.
            (opening, body) = (opening.Innermost, inside);
        }

        var parts = ImmutableArray.CreateBuilder<Part>();
        if (!opening.Path.IsEmpty)
        {
            parts.Add(new Part("", opening.Callee.OriginalDefinition, null));
        }

        var expressions = opening.Transport is { } transport ? new[] { transport } : opening.Inputs.Take(1);
        foreach (var expression in opening.Path.IsEmpty ? expressions : opening.Inputs)
        {
            Read(expression, "", body, parts);
        }

        _parts = parts.ToImmutable();
    }

    /// <summary>The fields, properties and methods that it names.</summary>
    public IEnumerable<ISymbol> Symbols => _parts.Where(part => part.Symbol is not null).Select(part => part.Symbol!);

    /// <summary>The constants that it names.</summary>
    public IEnumerable<string> Constants => _parts.Where(part => part is { Constant: not null, IsText: false }).Select(part => part.Constant!);

    public static ServerIdentity Of(TracedOpening traced, SessionFacts facts, CancellationToken cancellationToken) => new(traced, facts, cancellationToken);

    /// <param name="other">The other session.</param>
    /// <param name="byKey">It is one of several that are kept by key: parameters of the same name stand for the key.</param>
    public SameServer CompareTo(ServerIdentity other, bool byKey = false)
    {
        if (_parts.IsEmpty || other._parts.IsEmpty)
        {
            return SameServer.Unknown;
        }

        if (_parts.Select(part => part.Role).OrderBy(role => role, StringComparer.Ordinal).SequenceEqual(other._parts.Select(part => part.Role).OrderBy(role => role, StringComparer.Ordinal)))
        {
            var answers = _parts.Select(part => part.CompareTo(other._parts.First(candidate => candidate.Role == part.Role), byKey)).ToList();
            return answers.Contains(SameServer.No) ? SameServer.No : answers.Contains(SameServer.Unknown) ? SameServer.Unknown : SameServer.Yes;
        }

        // An endpoint here and a command there.
        return _parts.Any(part => part.Role == "Endpoint") && other._parts.Any(part => part.Role == "Command")
            || _parts.Any(part => part.Role == "Command") && other._parts.Any(part => part.Role == "Endpoint") ? SameServer.No : SameServer.Unknown;
    }

    private void Read(IOperation expression, string role, MemberBody body, ImmutableArray<Part>.Builder parts)
    {
        for (var hops = 0; hops < MaxHops; hops++)
        {
            expression = LocalValues.Unwrap(expression);
            switch (expression)
            {
                case { ConstantValue: { HasValue: true, Value: { } constant } }:
                    parts.Add(new Part(role, null, constant.ToString()));
                    return;

                case ILocalReferenceOperation local:
                    if (LocalValues.Of(local.Local, body) is not { Count: 1 } values)
                    {
                        return;
                    }

                    // options.Endpoint = …;
                    if (values[0] is IObjectCreationOperation made && ReadWrites(local.Local, body, parts) | ReadInitializer(made, body, parts))
                    {
                        return;
                    }

                    expression = values[0];
                    continue;

                case IAnonymousFunctionOperation lambda:
                    // new SharedMcpSession(connect => new HttpClientTransport(…))
                    if (lambda.Body.Descendants().OfType<IReturnOperation>().Select(result => result.ReturnedValue).FirstOrDefault(value => value is not null) is not { } result)
                    {
                        return;
                    }

                    expression = result;
                    continue;

                case IObjectCreationOperation creation:
                    if (ReadInitializer(creation, body, parts) || creation.Arguments.Length == 0)
                    {
                        return;
                    }

                    expression = creation.Arguments[0].Value;
                    continue;

                case IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } member:
                    parts.Add(new Part(role, member.Member.OriginalDefinition, null));
                    return;

                case IParameterReferenceOperation parameter:
                    parts.Add(new Part(role, MemberBehind(parameter.Parameter), null));
                    return;

                case IInvocationOperation { Arguments.Length: 0, Instance: null or IInstanceReferenceOperation } call:
                    parts.Add(new Part(role, call.TargetMethod.OriginalDefinition, null));
                    return;

                default:
                    // configuration["Mcp:Endpoint"], options.Value.Url, Environment.GetEnvironmentVariable("MCP"): told by its text.
                    if (!expression.DescendantsAndSelf().Any(part => part is ILocalReferenceOperation or IAnonymousFunctionOperation))
                    {
                        parts.Add(new Part(role, null, expression.Syntax.ToString()) { IsText = true });
                    }

                    return;
            }
        }
    }

    private bool ReadInitializer(IObjectCreationOperation creation, MemberBody body, ImmutableArray<Part>.Builder parts)
    {
        var found = false;
        foreach (var assignment in creation.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>() ?? Enumerable.Empty<ISimpleAssignmentOperation>())
        {
            if (assignment.Target is IPropertyReferenceOperation { Property.Name: var name } && Deciding.Contains(name))
            {
                found = true;
                ReadValue(assignment.Value, name, body, parts);
            }
        }

        return found;
    }

    private bool ReadWrites(ILocalSymbol options, MemberBody body, ImmutableArray<Part>.Builder parts)
    {
        var found = false;
        foreach (var reference in body.ReferencesTo(options))
        {
            if (reference.Parent is IPropertyReferenceOperation { Property.Name: var name, Parent: ISimpleAssignmentOperation assignment } property
                && assignment.Target == property && Deciding.Contains(name))
            {
                found = true;
                ReadValue(assignment.Value, name, body, parts);
            }
        }

        return found;
    }

    private void ReadValue(IOperation value, string role, MemberBody body, ImmutableArray<Part>.Builder parts)
    {
        if (role == "Arguments" && LocalValues.Unwrap(value) is not IMemberReferenceOperation)
        {
            var constants = value.DescendantsAndSelf().Where(part => part.ConstantValue is { HasValue: true, Value: string }).Select(part => part.ConstantValue.Value).Distinct();
            parts.Add(new Part(role, null, string.Join(" ", constants)) { IsText = value.DescendantsAndSelf().Any(part => part is IMemberReferenceOperation or IParameterReferenceOperation or ILocalReferenceOperation) });
            return;
        }

        Read(value, role, body, parts);
    }

    /// <summary>A constructor's parameter is the member that keeps it.</summary>
    private ISymbol MemberBehind(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && _facts.Members.KeptBy(parameter, _cancellationToken) is { } member
            ? member.OriginalDefinition
            : parameter;

    private sealed record Part(string Role, ISymbol? Symbol, string? Constant)
    {
        /// <summary>The constant is no value but the text of an expression: another text may have the same value.</summary>
        public bool IsText { get; init; }

        public SameServer CompareTo(Part other, bool byKey)
        {
            if (Symbol is not null && other.Symbol is not null)
            {
                if (SymbolEqualityComparer.Default.Equals(Symbol, other.Symbol)
                    || (byKey && Symbol is IParameterSymbol key && other.Symbol is IParameterSymbol otherKey && key.Name == otherKey.Name && SymbolEqualityComparer.Default.Equals(key.Type, otherKey.Type)))
                {
                    return SameServer.Yes;
                }

                // Two methods may make the same transport, two objects may be given the same setting; two fields of one are two settings.
                return Symbol is IMethodSymbol || other.Symbol is IMethodSymbol || !SymbolEqualityComparer.Default.Equals(Symbol.ContainingType, other.Symbol.ContainingType)
                    ? SameServer.Unknown : SameServer.No;
            }

            if (Constant is null || other.Constant is null)
            {
                return SameServer.Unknown;
            }

            return Constant == other.Constant ? SameServer.Yes : IsText || other.IsText ? SameServer.Unknown : SameServer.No;
        }
    }
}
