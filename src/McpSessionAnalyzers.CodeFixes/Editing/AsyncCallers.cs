using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>
/// Makes a synchronous method async together with its callers: they await it, and become async themselves where they aren't. Only where every caller is
/// in the solution and can: nobody outside sees the method, and nobody takes it as a delegate.
/// </summary>
internal sealed class AsyncCallers
{
    private const int MaxFunctions = 8;

    private readonly SolutionEdits _solution;
    private readonly Func<InvocationExpressionSyntax, bool>? _isAwaitedThen;
    private readonly CancellationToken _cancellationToken;
    private readonly List<(SyntaxNode Function, DocumentEdits Document)> _functions = new();
    private readonly List<(InvocationExpressionSyntax Call, DocumentEdits Document)> _calls = new();

    private AsyncCallers(SolutionEdits solution, Func<InvocationExpressionSyntax, bool>? isAwaitedThen, CancellationToken cancellationToken)
    {
        _solution = solution;
        _isAwaitedThen = isAwaitedThen;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Null where <paramref name="function"/> must stay synchronous.</summary>
    public static async Task<AsyncCallers?> FindAsync(
        SyntaxNode function, DocumentEdits document, SolutionEdits solution, Func<InvocationExpressionSyntax, bool>? isAwaitedThen, CancellationToken cancellationToken)
    {
        var callers = new AsyncCallers(solution, isAwaitedThen, cancellationToken);
        return await callers.AddAsync(function, document).ConfigureAwait(false) ? callers : null;
    }

    public void Apply()
    {
        foreach (var (function, document) in _functions)
        {
            AwaitPlace.MakeAsync(function, _solution, document, _cancellationToken);
        }

        foreach (var (call, document) in _calls)
        {
            if (_solution.Memory<HashSet<SyntaxNode>>(nameof(AsyncCallers)).Add(call))
            {
                var isReceiver = call.Parent is MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax or ElementAccessExpressionSyntax or PostfixUnaryExpressionSyntax;
                document.Text.Insert(call.SpanStart, isReceiver ? "(await " : "await ");
                document.Text.Insert(call.Span.End, isReceiver ? ")" : "");
            }
        }
    }

    private async Task<bool> AddAsync(SyntaxNode function, DocumentEdits document)
    {
        if (_functions.Any(known => known.Function == function))
        {
            return true;
        }

        if (_functions.Count == MaxFunctions
            || !AsyncConversion.AllowsAsync(function, document.Model, _isAwaitedThen, _cancellationToken)
            || Functions.SymbolOf(function, document.Model, _cancellationToken) is not { ReturnType.IsRefLikeType: false } method
            || !(AsyncConversion.IsTask(method.ReturnType) || AsyncConversion.BecomesTask(function, method, document.Model.Compilation, _cancellationToken) || IsOurs(function, method, document.Model.Compilation)))
        {
            return false;
        }

        _functions.Add((function, document));

        // Whoever gets a task already awaits it, or not, as before; a program or test is called by what awaits it.
        return AsyncConversion.IsTask(method.ReturnType)
            || AsyncConversion.BecomesTask(function, method, document.Model.Compilation, _cancellationToken)
            || await AddCallersAsync(method).ConfigureAwait(false);
    }

    /// <summary>A method whose callers are all in this solution, and which nothing but its name binds to.</summary>
    private static bool IsOurs(SyntaxNode function, IMethodSymbol method, Compilation compilation) =>
        (function is LocalFunctionStatementSyntax || (function is MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } && method is { IsVirtual: false, IsOverride: false, IsAbstract: false, IsExtern: false, PartialDefinitionPart: null, PartialImplementationPart: null }))
        && method.DeclaringSyntaxReferences.Length == 1
        && (method.ContainingType is not { } type || !type.AllInterfaces.SelectMany(one => one.GetMembers(method.Name)).Any(member => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member), method)))
        && method.GetAttributes().IsEmpty
        && (function is LocalFunctionStatementSyntax || compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication || !IsSeenOutside(method));

    private static bool IsSeenOutside(ISymbol symbol)
    {
        for (var current = symbol; current is not null and not INamespaceSymbol; current = current.ContainingSymbol)
        {
            if (current.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> AddCallersAsync(IMethodSymbol method)
    {
        var isCalled = false;
        foreach (var place in (await SymbolFinder.FindReferencesAsync(method, _solution.Solution, _cancellationToken).ConfigureAwait(false)).SelectMany(found => found.Locations))
        {
            if (place.Document is SourceGeneratedDocument || await _solution.OfAsync(place.Document, _cancellationToken).ConfigureAwait(false) is not { } document)
            {
                return false;
            }

            var name = document.Root.FindNode(place.Location.SourceSpan, findInsideTrivia: true, getInnermostNodeForTie: true);
            if (name.IsPartOfStructuredTrivia() || name.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } })
            {
                continue;
            }

            ExpressionSyntax? called = name.Parent is MemberAccessExpressionSyntax member && member.Name == name ? member : name as ExpressionSyntax;
            if (called?.Parent is not InvocationExpressionSyntax call
                || call.Expression != called
                || (call.Parent is ConditionalAccessExpressionSyntax access && access.WhenNotNull == call)
                || Functions.Around(call) is not { } caller
                || !Functions.AllowsAwaitAt(call, caller)
                || Functions.IsInExpressionTree(call, document.Model, _cancellationToken)
                || !(Functions.IsAsync(caller) || await AddAsync(caller, document).ConfigureAwait(false)))
            {
                return false;
            }

            isCalled = true;
            _calls.Add((call, document));
        }

        // Who calls it, if nobody does? A framework, by reflection.
        return isCalled;
    }
}
