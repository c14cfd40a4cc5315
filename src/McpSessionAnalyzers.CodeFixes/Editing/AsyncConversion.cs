using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Editing;

/// <summary>
/// Makes a function async where its callers can't tell the difference: it returns a task already, or is an entry point or test that the
/// framework awaits. <see cref="AsyncCallers"/> knows where the callers can change with it.
/// </summary>
internal static class AsyncConversion
{
    private static readonly HashSet<string> TestAttributes = new(StringComparer.Ordinal) { "Fact", "Theory", "Test", "TestCase", "TestMethod", "DataTestMethod" };

    /// <param name="function">The function.</param>
    /// <param name="model">Of its tree.</param>
    /// <param name="isAwaitedThen">Calls whose task is dropped today, and that a fix awaits.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static bool CanMakeAsync(
        SyntaxNode function, SemanticModel model, Func<InvocationExpressionSyntax, bool>? isAwaitedThen, CancellationToken cancellationToken)
    {
        return Functions.SymbolOf(function, model, cancellationToken) is { } symbol
            && AllowsAsync(function, model, isAwaitedThen, cancellationToken)
            && (IsTask(symbol.ReturnType) || BecomesTask(function, symbol, model.Compilation, cancellationToken));
    }

    /// <summary>Whether the function could be async as far as its own code and parameters are concerned.</summary>
    public static bool AllowsAsync(SyntaxNode function, SemanticModel model, Func<InvocationExpressionSyntax, bool>? isAwaitedThen, CancellationToken cancellationToken) =>
        function is MethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax
        && Functions.SymbolOf(function, model, cancellationToken) is { ReturnsByRef: false, ReturnsByRefReadonly: false } symbol
        && !symbol.Parameters.Any(parameter => parameter.RefKind != RefKind.None || parameter.Type.IsRefLikeType)
        && !Functions.IsIterator(function)
        && !HasRefLikeLocals(function, model, cancellationToken)
        && !DropsTasks(function, model, isAwaitedThen, cancellationToken);

    public static void MakeAsync(SyntaxNode function, DocumentEdits edits, CancellationToken cancellationToken)
    {
        BodyEdits.AddAsync(function, edits.Text);
        var symbol = Functions.SymbolOf(function, edits.Model, cancellationToken)!;
        if (!IsTask(symbol.ReturnType))
        {
            var type = function is MethodDeclarationSyntax method ? method.ReturnType : ((LocalFunctionStatementSyntax)function).ReturnType;
            var task = edits.Usings.NameOf("System.Threading.Tasks.Task", type.SpanStart);
            edits.Text.Replace(type.Span, symbol.ReturnsVoid ? task : $"{task}<{type}>");
            return;
        }

        var isGeneric = ((INamedTypeSymbol)symbol.ReturnType).IsGenericType;
        switch (Functions.BodyOf(function))
        {
            case BlockSyntax block:
                var last = block.Statements.LastOrDefault();
                foreach (var statement in BodyEdits.Returns(block))
                {
                    if (isGeneric)
                    {
                        AwaitResult(statement.Expression!, edits);
                    }
                    else
                    {
                        BodyEdits.ConvertReturn(statement, statement == last, edits);
                    }
                }

                break;
            case ArrowExpressionClauseSyntax arrow:
                AwaitResult(arrow.Expression, edits);
                break;
            case ExpressionSyntax expression:
                AwaitResult(expression, edits);
                break;
        }
    }

    /// <summary><c>return Task.FromResult(x);</c> is <c>return x;</c>, and any other task is awaited.</summary>
    private static void AwaitResult(ExpressionSyntax task, DocumentEdits edits)
    {
        if (task is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "FromResult" }, ArgumentList.Arguments: { Count: 1 } arguments })
        {
            edits.Text.Delete(TextSpan.FromBounds(task.SpanStart, arguments[0].Expression.SpanStart));
            edits.Text.Delete(TextSpan.FromBounds(arguments[0].Span.End, task.Span.End));
        }
        else if (task is not ThrowExpressionSyntax)
        {
            edits.Text.Insert(task.SpanStart, BodyEdits.BindsLooserThanAwait(task) ? "await (" : "await ");
            edits.Text.Insert(task.Span.End, BodyEdits.BindsLooserThanAwait(task) ? ")" : "");
        }
    }

    public static bool IsTask(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", ContainingNamespace: { Name: "Tasks", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } } };

    /// <summary>The runtime or a test framework calls it, and awaits what it returns.</summary>
    public static bool BecomesTask(SyntaxNode function, IMethodSymbol symbol, Compilation compilation, CancellationToken cancellationToken) =>
        function is MethodDeclarationSyntax method
        && (symbol.ReturnsVoid || symbol.ReturnType.SpecialType == SpecialType.System_Int32)
        && (SymbolEqualityComparer.Default.Equals(compilation.GetEntryPoint(cancellationToken), symbol)
            || (symbol.ReturnsVoid && method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute =>
                TestAttributes.Contains(attribute.Name.ToString().Split('.').Last()))));

    /// <summary>In an async function the compiler warns of a call that is not awaited; here it was somebody's intention.</summary>
    private static bool DropsTasks(
        SyntaxNode function, SemanticModel model, Func<InvocationExpressionSyntax, bool>? isAwaitedThen, CancellationToken cancellationToken) =>
        function.DescendantNodes(node => node == function || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .OfType<ExpressionStatementSyntax>()
            .Any(statement => statement.Expression is InvocationExpressionSyntax call && isAwaitedThen?.Invoke(call) != true && model.GetTypeInfo(statement.Expression, cancellationToken).Type is { } type && IsTask(type));

    private static bool HasRefLikeLocals(SyntaxNode function, SemanticModel model, CancellationToken cancellationToken) =>
        function.DescendantNodes().Any(node =>
            (node is VariableDeclaratorSyntax or SingleVariableDesignationSyntax)
            && model.GetDeclaredSymbol(node, cancellationToken) is ILocalSymbol { } local
            && (local.Type.IsRefLikeType || local.IsRef));
}
