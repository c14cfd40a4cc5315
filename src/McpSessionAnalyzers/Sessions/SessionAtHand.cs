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
    private static readonly HashSet<string> OtherWords = new()
    {
        "fallback", "backup", "secondary", "standby", "other", "second", "target", "destination", "admin",
        "replica", "mirror", "failover", "alternate", "alternative", "peer", "staging",
    };

    private static readonly HashSet<string> PlainWords = new()
    {
        "mcp", "client", "session", "shared", "connection", "server", "default", "main", "primary", "transport", "options", "endpoint", "url", "uri", "command", "settings", "config",
        "s", "m", "my", "the", "localhost", "https", "com", "example", "api", "npx", "uvx", "node", "dotnet", "docker", "run", "python", "host", "address", "base", "create", "get", "make", "build", "new", "open", "connect", "async", "http", "stdio", "sse", "tools", "tool", "value", "outer", "inner", "existing", "current", "kept",
        "handle", "holder", "owner", "provider", "gateway", "agent", "proxy", "bridge", "hub", "link", "conn", "channel", "live", "lazy", "cached", "pooled", "instance", "state", "global",
        "singleton", "common", "long", "lived", "running", "active", "persistent", "injected", "root", "parent", "remote",
        "py", "js", "ts", "mjs", "dll", "exe", "sh", "project", "csproj", "bin", "src", "dist", "index", "app", "modelcontextprotocol",
    };

    private static readonly char[] NotInWords = " .,:;/\\-+@=?&%#\"'".ToCharArray();

    public static SessionAtHand? Find(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var opening = traced.Opening;
        if (opening.Kind == OpeningKind.Resume || opening.Innermost.Kind == OpeningKind.Resume
            || traced.Body.Member.ContainingType is not { } type)
        {
            return null;
        }

        // By symbols first: most types that open a session keep no other.
        var candidates = SessionsInSight.Of(traced, type, facts, cancellationToken);
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
        var answers = candidates.Select(candidate => (Candidate: candidate, Answer: Compare(candidate, identity, facts, cancellationToken))).ToList();
        if (answers.FirstOrDefault(answer => answer.Answer == SameServer.Yes) is { Candidate: { } same })
        {
            return IsThere(same, traced, facts, cancellationToken) ? new SessionAtHand(same.Symbol, IsSameServer: true) : null;
        }

        // Which servers a collection is for must be told; an object is asked for its session only if it gives it out.
        answers.RemoveAll(answer => answer.Candidate.Kind == SessionHolderKind.Collection
            || (answer.Candidate.Kind == SessionHolderKind.Owner && !GivesOutSession(SessionsInSight.Bare(SessionsInSight.TypeOf(answer.Candidate.Symbol)), facts)));

        // The call, or a loop, decides which server it is: another one, most likely.
        return answers.Count == 1 && answers[0] is { Answer: SameServer.Unknown, Candidate: var only }
            && CallDependence.Of(opening, traced.Body).Parameters.Count == 0
            && !IsPerServer(traced, facts, cancellationToken)
            && !IsNamedForAnother(only.Symbol, identity, traced)
            && IsThere(only, traced, facts, cancellationToken)
                ? new SessionAtHand(only.Symbol, IsSameServer: false)
                : null;
    }

    /// <summary>A property, field or method without arguments whose value is the session: there is one, and others may use it.</summary>
    private static bool GivesOutSession(ITypeSymbol? owner, CompilationFacts facts)
    {
        for (var current = owner; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                var given = member.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected || member.IsStatic ? null : member switch
                {
                    IMethodSymbol { MethodKind: MethodKind.Ordinary } method when method.Parameters.All(static parameter => parameter.Type.Name == nameof(CancellationToken)) => method.ReturnType,
                    IMethodSymbol => null,
                    _ => SessionsInSight.TypeOf(member),
                };
                if (facts.Sessions.Types.IsSession(SessionsInSight.Bare(given)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static SameServer Compare(SessionInSight candidate, ServerIdentity identity, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var byKey = candidate.Kind == SessionHolderKind.Collection;
        var answers = StoresOf(candidate, facts, cancellationToken)
            .Select(store => identity.CompareTo(ServerIdentity.Of(store, facts.Sessions, cancellationToken), byKey))
            .ToList();
        return answers.Contains(SameServer.Yes) ? SameServer.Yes
            : answers.Count > 0 && answers.TrueForAll(answer => answer == SameServer.No) ? SameServer.No : SameServer.Unknown;
    }

    /// <summary>The openings whose session the candidate may hold, as far as they can be seen.</summary>
    private static IEnumerable<TracedOpening> StoresOf(SessionInSight candidate, CompilationFacts facts, CancellationToken cancellationToken)
    {
        switch (candidate)
        {
            case { Kind: SessionHolderKind.Owner } when SessionsInSight.Bare(SessionsInSight.TypeOf(candidate.Symbol)) is INamedTypeSymbol owner:
                var inside = facts.Sessions.Members.OwnedBy(owner, cancellationToken).SelectMany(owned => owned.Stores);
                return candidate.Symbol is IParameterSymbol ? inside : inside.Concat(InMember(candidate.Symbol));
            default:
                return candidate.Symbol is IParameterSymbol ? Array.Empty<TracedOpening>() : InMember(candidate.Symbol);
        }

        IEnumerable<TracedOpening> InMember(ISymbol member) =>
            facts.Sessions.Members.OwnedBy(member.ContainingType, cancellationToken).FirstOrDefault(owned => SymbolEqualityComparer.Default.Equals(owned.Member, member))?.Stores
                ?? ImmutableArray<TracedOpening>.Empty;
    }

    private static bool IsPerServer(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var opening = traced.Opening;
        return facts.Calls.LoopsOf(opening.Operation, cancellationToken).Any(loop =>
            new LoopDependence(loop, opening.Operation, traced.Body).Of(opening.Inputs.Concat(LoopedOpening.ReceiverOf(opening.Operation))));
    }

    /// <summary><c>_source</c> and <c>_targetTransport</c>, <c>_weather</c> and <c>"http://news/mcp"</c>: names that tell two servers apart.</summary>
    private static bool IsNamedForAnother(ISymbol candidate, ServerIdentity identity, TracedOpening traced)
    {
        var kept = Qualifiers(candidate.Name);
        var named = identity.Symbols.Select(symbol => symbol.Name).Concat(identity.Constants.SelectMany(NamesIn)).SelectMany(Qualifiers).ToList();
        return named.Any(word => OtherWords.Contains(word) && !kept.Contains(word))

            // A local that is called second is another session, of whatever server.
            || traced.Trace.Holders.SelectMany(symbol => Qualifiers(symbol.Name)).Any(word => word != "second" && OtherWords.Contains(word) && !kept.Contains(word))
            || (kept.Count > 0 && named.Count > 0 && !named.Any(word => kept.Exists(own => word.Contains(own) || own.Contains(word))));
    }

    /// <summary>Of an address, what tells servers of one company apart: not the domain.</summary>
    private static IEnumerable<string> NamesIn(string constant)
    {
        if (!Uri.TryCreate(constant, UriKind.Absolute, out var address) || !address.Scheme.StartsWith("http", StringComparison.Ordinal))
        {
            return new[] { constant };
        }

        var labels = address.Host.Split('.');
        return labels.Take(Math.Max(1, labels.Length - 2)).Where(_ => labels.Length != 2).Append(address.AbsolutePath);
    }

    // Words of a name, or of a constant with other signs between them.
    private static List<string> Qualifiers(string name) => name.Split(NotInWords, StringSplitOptions.RemoveEmptyEntries).SelectMany(static part => Words.Of(part)).Where(word => word.Length > 1 && !PlainWords.Contains(word)).ToList();

    /// <summary>
    /// The other session is there when this one is opened: not where a check has just found none, it was closed before, or it is opened further down.
    /// </summary>
    private static bool IsThere(SessionInSight inSight, TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var candidate = inSight.Symbol;
        var opening = traced.Opening.Operation;
        switch (inSight)
        {
            case { Symbol: IParameterSymbol parameter }:
                return !traced.Body.ReferencesTo(parameter).Any(reference => reference.Syntax.SpanStart < opening.Syntax.Span.End && IsAskedForNull(reference));

            case { Kind: SessionHolderKind.Collection }:
                // Whoever asks whether there is one has found none; an element that is simply read is there.
                return traced.Body.ReferencesTo(candidate).All(reference => reference.Syntax.SpanStart > opening.Syntax.SpanStart || reference.Parent is IPropertyReferenceOperation { Property.IsIndexer: true });
        }

        var stores = StoresOf(inSight, facts, cancellationToken).ToList();
        if (stores.Count > 0 && stores.TrueForAll(store => ReferenceEquals(store.Body, traced.Body) && store.Opening.Operation.Syntax.SpanStart > opening.Syntax.SpanStart))
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
