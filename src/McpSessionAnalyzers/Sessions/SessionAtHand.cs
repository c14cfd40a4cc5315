using System.Collections.Immutable;
using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Answers "which session with this server is already there?" for an opening whose session ends with the call: one that a member of the type keeps, or
/// that the function was given. <paramref name="Symbol"/> is the field, property or parameter.
/// </summary>
internal sealed record SessionAtHand(ISymbol Symbol, bool IsSameServer)
{
    // Such a transport is another one on purpose, whatever it is compared with.
    private static readonly HashSet<string> OtherWords = new() { "fallback", "backup", "secondary", "standby", "other", "second", "target", "destination", "admin" };

    private static readonly HashSet<string> PlainWords = new()
    {
        "mcp", "client", "session", "shared", "connection", "server", "default", "main", "primary", "transport", "options", "endpoint", "url", "uri", "command", "settings", "config",
        "s", "m", "my", "the", "host", "address", "base", "create", "get", "make", "build", "new", "open", "connect", "async", "http", "stdio", "sse", "tools", "tool", "value", "outer", "inner", "existing", "current", "kept",
    };

    public static SessionAtHand? Find(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var opening = traced.Opening;
        if (opening.Kind == OpeningKind.Resume || opening.Innermost.Kind == OpeningKind.Resume
            || traced.Body.Member.ContainingType is not { } type)
        {
            return null;
        }

        // By symbols first: most types that open a session keep no other.
        var candidates = CandidatesFor(traced, type, facts, cancellationToken);
        if (candidates.Count == 0
            || (traced.Body.Member is IMethodSymbol member && TestCode.ReasonOf(member) is not null)
            || ConnectionTests.Contains(traced.Function)
            || traced.Trace.Has(TraceEventKind.LambdaResult)
            || traced.Trace.Has(TraceEventKind.Collect)
            || IsInCatch(opening.Operation)
            || SessionReach.Of(traced, facts, cancellationToken).Kind != SessionReachKind.EndsWithCall)
        {
            return null;
        }

        var identity = ServerIdentity.Of(traced, facts.Sessions, cancellationToken);
        var answers = candidates.Select(candidate => (Symbol: candidate, Answer: Compare(candidate, identity, type, facts, cancellationToken))).ToList();
        if (answers.FirstOrDefault(answer => answer.Answer == SameServer.Yes) is { Symbol: { } same })
        {
            return IsThere(same, traced, facts, cancellationToken) ? new SessionAtHand(same, IsSameServer: true) : null;
        }

        // The call, or a loop, decides which server it is: another one, most likely.
        return answers.Count == 1 && answers[0] is { Answer: SameServer.Unknown, Symbol: var only }
            && CallDependence.Of(opening, traced.Body).Parameters.Count == 0
            && !IsPerServer(traced, facts, cancellationToken)
            && !IsNamedForAnother(only, identity, traced)
            && IsThere(only, traced, facts, cancellationToken)
                ? new SessionAtHand(only, IsSameServer: false)
                : null;
    }

    private static List<ISymbol> CandidatesFor(TracedOpening traced, INamedTypeSymbol type, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var found = new List<ISymbol>();
        var made = (traced.Opening.Operation as IObjectCreationOperation)?.Type;
        var isStatic = traced.Body.Member.IsStatic;
        for (var current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is IFieldSymbol { IsImplicitlyDeclared: false } or IPropertySymbol { IsIndexer: false }
                    && (!isStatic || member.IsStatic)
                    && (SymbolEqualityComparer.Default.Equals(current, type) || member.DeclaredAccessibility != Accessibility.Private)
                    && Keeps(TypeOf(member))
                    && (member is IFieldSymbol || IsAutoProperty((IPropertySymbol)member, cancellationToken)))
                {
                    found.Add(member.OriginalDefinition);
                }
            }
        }

        foreach (var parameter in ParametersOf(traced, type, isStatic, cancellationToken))
        {
            if (Keeps(parameter.Type)
                && !(parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
                    && facts.Sessions.Members.KeptBy(parameter, cancellationToken) is { } keeper
                    && found.Contains(keeper.OriginalDefinition, SymbolEqualityComparer.Default)))
            {
                found.Add(parameter);
            }
        }

        return found;

        // An object of one's own that has a session is at hand for whoever makes another object of its kind, not for other servers' sessions.
        bool Keeps(ITypeSymbol? kept) => Bare(kept) is { } bare
            && (made is { } owner && !facts.Sessions.Types.IsSharedSession(owner)
                ? SymbolEqualityComparer.Default.Equals(bare, owner)
                : facts.Symbols.Clients.ContainsBaseOf(bare) || facts.Symbols.SharedSession.ContainsBaseOf(bare));
    }

    private static ITypeSymbol? TypeOf(ISymbol member) => member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;

    /// <summary><c>Task&lt;McpClient&gt;</c> and <c>Lazy&lt;Task&lt;McpClient&gt;&gt;</c> are sessions too, by the time they are needed.</summary>
    private static ITypeSymbol? Bare(ITypeSymbol? type)
    {
        while (type is INamedTypeSymbol { Name: "Task" or "ValueTask" or "Lazy", TypeArguments: { Length: 1 } arguments })
        {
            type = arguments[0];
        }

        return type;
    }

    /// <summary>A property that computes its value gives out what a field keeps.</summary>
    private static bool IsAutoProperty(IPropertySymbol property, CancellationToken cancellationToken) =>
        property.DeclaringSyntaxReferences.IsEmpty
        || property.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellationToken) is ParameterSyntax
            || (reference.GetSyntax(cancellationToken) is PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } accessors }
                && accessors.Accessors.All(accessor => accessor.Body is null && accessor.ExpressionBody is null)));

    private static IEnumerable<IParameterSymbol> ParametersOf(TracedOpening traced, INamedTypeSymbol type, bool isStatic, CancellationToken cancellationToken)
    {
        for (var current = traced.Function; current is IMethodSymbol method; current = method.ContainingSymbol)
        {
            foreach (var parameter in method.Parameters)
            {
                yield return parameter;
            }
        }

        if (isStatic || type.IsRecord)
        {
            yield break;
        }

        foreach (var parameter in type.InstanceConstructors.SelectMany(constructor => constructor.Parameters))
        {
            // Of a primary constructor: in scope everywhere.
            if (parameter.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellationToken).Parent?.Parent is TypeDeclarationSyntax))
            {
                yield return parameter;
            }
        }
    }

    private static SameServer Compare(ISymbol candidate, ServerIdentity identity, INamedTypeSymbol type, CompilationFacts facts, CancellationToken cancellationToken)
    {
        if (candidate is IParameterSymbol)
        {
            return SameServer.Unknown;
        }

        var owner = candidate.ContainingType ?? type;
        var stores = facts.Sessions.Members.OwnedBy(owner, cancellationToken).FirstOrDefault(owned => SymbolEqualityComparer.Default.Equals(owned.Member, candidate))?.Stores
            ?? ImmutableArray<TracedOpening>.Empty;
        var answers = stores.Select(store => identity.CompareTo(ServerIdentity.Of(store, facts.Sessions, cancellationToken))).ToList();
        return answers.Contains(SameServer.Yes) ? SameServer.Yes
            : answers.Count > 0 && answers.TrueForAll(answer => answer == SameServer.No) ? SameServer.No : SameServer.Unknown;
    }

    private static bool IsPerServer(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var opening = traced.Opening;
        return facts.Calls.LoopsOf(opening.Operation, cancellationToken).Any(loop =>
            new LoopDependence(loop, opening.Operation, traced.Body).Of(opening.Inputs.Concat(LoopedOpening.ReceiverOf(opening.Operation))));
    }

    /// <summary><c>_source</c> and <c>_targetTransport</c>, <c>_weather</c> and <c>_newsEndpoint</c>: names that tell two servers apart.</summary>
    private static bool IsNamedForAnother(ISymbol candidate, ServerIdentity identity, TracedOpening traced)
    {
        var kept = Qualifiers(candidate.Name);
        var opened = identity.Symbols.Concat(traced.Trace.Holders).SelectMany(symbol => Qualifiers(symbol.Name)).ToList();
        return opened.Any(word => OtherWords.Contains(word) && !kept.Contains(word))
            || (kept.Count > 0 && identity.Symbols.SelectMany(symbol => Qualifiers(symbol.Name)).ToList() is { Count: > 0 } named && !named.Any(kept.Contains));
    }

    private static List<string> Qualifiers(string name) => Words.Of(name).Where(word => word.Length > 1 && !PlainWords.Contains(word)).ToList();

    /// <summary>
    /// The other session is there when this one is opened: not where a check has just found none, it was closed before, or it is opened further down.
    /// </summary>
    private static bool IsThere(ISymbol candidate, TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var opening = traced.Opening.Operation;
        if (candidate is IParameterSymbol parameter)
        {
            return !traced.Body.ReferencesTo(parameter).Any(reference => reference.Syntax.SpanStart < opening.Syntax.Span.End && IsAskedForNull(reference));
        }

        var stores = facts.Sessions.Members.OwnedBy(candidate.ContainingType, cancellationToken).FirstOrDefault(owned => SymbolEqualityComparer.Default.Equals(owned.Member, candidate))?.Stores
            ?? ImmutableArray<TracedOpening>.Empty;
        if (!stores.IsEmpty && stores.All(store => ReferenceEquals(store.Body, traced.Body) && store.Opening.Operation.Syntax.SpanStart > opening.Syntax.SpanStart))
        {
            return false;
        }

        return !IsNeverAssigned(candidate, facts, cancellationToken)
            && new FieldReplacement(new SessionPlace(candidate), facts.Sessions, cancellationToken).MayHoldAt(opening, traced.Body);
    }

    /// <summary>A field that is left over holds nothing. What others may set, or what a reference may be taken of, is assigned for all we know.</summary>
    private static bool IsNeverAssigned(ISymbol candidate, CompilationFacts facts, CancellationToken cancellationToken) =>
        candidate is IFieldSymbol { DeclaredAccessibility: Accessibility.Private, ContainingType.TypeKind: TypeKind.Class } field
        && field.GetAttributes().IsEmpty
        && field.DeclaringSyntaxReferences.All(reference => reference.GetSyntax(cancellationToken) is VariableDeclaratorSyntax { Initializer: null })
        && !TypeBodies.ThatName(field, field.ContainingType, facts.Sessions.Bodies, cancellationToken).Any(body =>
            body.Stores(field) || body.ReferencesTo(field).Any(reference => reference.Syntax.Parent is RefExpressionSyntax));

    private static bool IsAskedForNull(IOperation reference)
    {
        var current = reference;
        while (current.Parent is IConversionOperation)
        {
            current = current.Parent;
        }

        return current.Parent switch
        {
            ICoalesceOperation or ICoalesceAssignmentOperation or IIsPatternOperation => true,
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } => true,
            ISimpleAssignmentOperation assignment => assignment.Target == current,
            _ => false,
        };
    }

    /// <summary>The session that is at hand has just failed.</summary>
    private static bool IsInCatch(IOperation opening)
    {
        for (var current = opening.Parent; current is not null and not IAnonymousFunctionOperation and not ILocalFunctionOperation; current = current.Parent)
        {
            if (current is ICatchClauseOperation)
            {
                return true;
            }
        }

        return false;
    }
}
