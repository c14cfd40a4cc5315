using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Everybody who has disposed what an opening opened: the member around it and, where it is a helper that returns the session, all of its callers.
/// They borrow it from now on. Nothing is done unless every one of them can be made to.
/// </summary>
internal sealed class Borrowers
{
    private const int MaxCallSites = 500;

    private readonly Solution _solution;
    private readonly CompilationFacts _facts;
    private readonly CancellationToken _cancellationToken;
    private readonly Queue<TracedOpening> _pending = new();
    private readonly HashSet<SyntaxNode> _seen = new();
    private readonly List<TracedOpening> _openings = new();
    private readonly List<Release> _releases = new();
    private readonly List<(IOperation Mention, MemberBody Body)> _fieldMentions = new();

    private Borrowers(Solution solution, CompilationFacts facts, CancellationToken cancellationToken)
    {
        _solution = solution;
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The opening and the calls of helpers that hand on what it opened.</summary>
    public IReadOnlyList<TracedOpening> Openings => _openings;

    /// <summary>The disposals to take out.</summary>
    public IReadOnlyList<Release> Releases => _releases;

    /// <summary>What is called on fields that hold the session for the length of a call.</summary>
    public IReadOnlyList<(IOperation Mention, MemberBody Body)> FieldMentions => _fieldMentions;

    /// <summary>Null where somebody keeps the session, or does with it what is not understood.</summary>
    public static async Task<Borrowers?> OfAsync(
        TracedOpening opening, Solution solution, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var borrowers = new Borrowers(solution, facts, cancellationToken);
        borrowers.Add(opening);
        while (borrowers._pending.Count > 0)
        {
            if (borrowers._seen.Count > MaxCallSites || !await borrowers.VisitAsync(borrowers._pending.Dequeue()).ConfigureAwait(false))
            {
                return null;
            }
        }

        return borrowers;
    }

    private void Add(TracedOpening opening)
    {
        if (_seen.Add(opening.Opening.Operation.Syntax))
        {
            _openings.Add(opening);
            _pending.Enqueue(opening);
        }
    }

    private async Task<bool> VisitAsync(TracedOpening traced)
    {
        foreach (var happening in traced.Trace.Events)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            switch (happening.Kind)
            {
                case TraceEventKind.Use or TraceEventKind.LambdaResult or TraceEventKind.AwaitTogether or TraceEventKind.Collect:
                // A shared session outlives all that needs it, wherever that goes.
                case TraceEventKind.DependentUse or TraceEventKind.DependentAssigned or TraceEventKind.DependentIsLambdaResult
                    or TraceEventKind.DependentLeaves or TraceEventKind.DependentMayLeave:
                    break;
                case TraceEventKind.Dispose:
                    if (Release.Of(happening.Operation, traced, _facts) is not { } release)
                    {
                        return false;
                    }

                    _releases.Add(release);
                    break;
                case TraceEventKind.Store when happening.Target is IFieldSymbol field && BorrowedField.Of(field, traced, _facts, _cancellationToken) is { } borrowed:
                    _releases.AddRange(borrowed.Releases);
                    _fieldMentions.AddRange(borrowed.Mentions);
                    break;
                case TraceEventKind.Return:
                    if (!await VisitCallersAsync(happening.Target as IMethodSymbol ?? happening.Target?.ContainingSymbol as IMethodSymbol, traced.Body).ConfigureAwait(false))
                    {
                        return false;
                    }

                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private async Task<bool> VisitCallersAsync(IMethodSymbol? helper, MemberBody body)
    {
        return helper?.MethodKind switch
        {
            MethodKind.AnonymousFunction => VisitLambdaCalls(helper, body),
            MethodKind.LocalFunction => !body.ReferencesTo(helper.OriginalDefinition).Any() && VisitCalls(body.Calls.Where(call =>
                call is IInvocationOperation invocation && SymbolEqualityComparer.Default.Equals(invocation.TargetMethod.OriginalDefinition, helper.OriginalDefinition))),
            MethodKind.Ordinary or MethodKind.PropertyGet or MethodKind.ExplicitInterfaceImplementation => await VisitMemberCallsAsync(helper).ConfigureAwait(false),
            _ => false,
        };
    }

    private bool VisitLambdaCalls(IMethodSymbol lambda, MemberBody body)
    {
        var function = body.Functions.OfType<IAnonymousFunctionOperation>().FirstOrDefault(f => SymbolEqualityComparer.Default.Equals(f.Symbol, lambda));
        IOperation? place = function;
        while (place?.Parent is IDelegateCreationOperation or IConversionOperation)
        {
            place = place.Parent;
        }

        var local = place?.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } => target.Local,
            _ => null,
        };
        if (local is null || LocalValues.Of(local, body).Count != 1)
        {
            return false;
        }

        var mentions = body.ReferencesTo(local).Where(mention => mention.Parent is not ISimpleAssignmentOperation assignment || assignment.Target != mention).ToList();
        return mentions.All(mention => mention.Parent is IInvocationOperation call && call.Instance == mention)
            && VisitCalls(mentions.Select(mention => mention.Parent!));
    }

    private async Task<bool> VisitMemberCallsAsync(IMethodSymbol helper)
    {
        ISymbol member = helper.AssociatedSymbol ?? helper;
        if (!IsTheOnlyImplementation(helper))
        {
            return false;
        }

        foreach (var found in await SymbolFinder.FindReferencesAsync(member, _solution, _cancellationToken).ConfigureAwait(false))
        {
            foreach (var reference in found.Locations)
            {
                if (reference.IsImplicit)
                {
                    return false;
                }

                // Documentation names it; another project's compilation can't look into it.
                if (reference.Location.SourceTree is not { } tree || !_facts.Compilation.ContainsSyntaxTree(tree))
                {
                    return false;
                }

                var root = await tree.GetRootAsync(_cancellationToken).ConfigureAwait(false);
                var name = root.FindNode(reference.Location.SourceSpan, findInsideTrivia: true, getInnermostNodeForTie: true);
                if (name.FirstAncestorOrSelf<CrefSyntax>() is not null || IsNameOf(name))
                {
                    continue;
                }

                var call = helper.MethodKind == MethodKind.PropertyGet ? AccessOf(name) : AccessOf(name).Parent as InvocationExpressionSyntax;
                if (call is null || !VisitCall(call))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Behind an interface or a virtual method with several implementations, the others still open sessions that callers must close.</summary>
    private bool IsTheOnlyImplementation(IMethodSymbol helper)
    {
        var declared = new List<IMethodSymbol>();
        for (var overridden = helper.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            declared.Add(overridden);
        }

        if (helper.IsVirtual)
        {
            declared.Add(helper);
        }

        declared.AddRange(helper.ContainingType.AllInterfaces
            .SelectMany(i => i.GetMembers().OfType<IMethodSymbol>())
            .Where(m => SymbolEqualityComparer.Default.Equals(helper.ContainingType.FindImplementationForInterfaceMember(m), helper)));
        return declared.All(d => SymbolEqualityComparer.Default.Equals(_facts.Sessions.Implementations.Resolve(d), helper.OriginalDefinition));
    }

    private bool VisitCalls(IEnumerable<IOperation> calls) => calls.All(call => VisitCall(call.Syntax));

    private bool VisitCall(SyntaxNode call)
    {
        var model = _facts.Sessions.Bodies.ModelOf(call.SyntaxTree);
        if (model.GetOperation(call, _cancellationToken) is not { } operation || _facts.Sessions.Openings.Find(operation, _cancellationToken) is not { } traced)
        {
            return false;
        }

        Add(traced);
        return true;
    }

    private static SyntaxNode AccessOf(SyntaxNode name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name => access,
        MemberBindingExpressionSyntax binding => binding,
        _ => name,
    };

    private static bool IsNameOf(SyntaxNode name) =>
        name.AncestorsAndSelf().OfType<InvocationExpressionSyntax>().Any(call => call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" });
}
