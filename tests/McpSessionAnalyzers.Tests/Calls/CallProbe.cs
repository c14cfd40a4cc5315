using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.Tests.Calls;

/// <summary>Asks the call questions about what stands between <c>[|</c> and <c>|]</c>: an expression, or the name in a declaration.</summary>
internal sealed class CallProbe
{
    private static readonly SyntaxTree Usings = CSharpSyntaxTree.ParseText(
        """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http;
        global using System.Threading; global using System.Threading.Tasks; global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Mvc; global using Microsoft.AspNetCore.Routing; global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.DependencyInjection.Extensions; global using Microsoft.Extensions.Hosting; global using Microsoft.Extensions.Logging;
        global using Microsoft.Extensions.AI; global using ModelContextProtocol.Client; global using ModelContextProtocol.Protocol;

        /// <summary>What tests call where a session would be opened.</summary>
        internal static class Session
        {
            public static Task<object> OpenAsync() => Task.FromResult(new object());
        }
        """,
        path: "/0/Usings.cs");

    private readonly TextSpan _span;

    private CallProbe(CSharpCompilation compilation, TextSpan span, CallOptions? options)
    {
        Compilation = compilation;
        _span = span;
        Contexts = new(CompilationFacts.Of(compilation), options);
    }

    public CSharpCompilation Compilation { get; }

    public CallContexts Contexts { get; }

    private SyntaxTree Tree => Compilation.SyntaxTrees[0];

    /// <param name="source">The file with the markup.</param>
    /// <param name="more">Other files of the same compilation.</param>
    /// <param name="allowErrors">For half-typed code; else a compiler error fails the test.</param>
    /// <param name="options">Names from configuration.</param>
    public static CallProbe At(string source, string[]? more = null, bool allowErrors = false, CallOptions? options = null)
    {
        TestFileMarkupParser.GetSpans(source, out var code, out var spans);
        var trees = new[] { code }.Concat(more ?? []).Select((text, index) => CSharpSyntaxTree.ParseText(text, path: $"/0/Test{index}.cs")).Append(Usings).ToArray();
        var isProgram = trees.Any(tree => tree.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax));
        var compilation = CSharpCompilation.Create(
            "Probe",
            trees,
            Libraries.WithDefaultReferences,
            new CSharpCompilationOptions(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        if (!allowErrors)
        {
            Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        }

        return new(compilation, Assert.Single(spans), options);
    }

    /// <inheritdoc cref="At"/>
    public static CallProbe At(Case row) => At(row.Code);

    /// <summary>The answer for the marked expression, or for the declaration whose name is marked.</summary>
    public CallContext Context() => Declared() is { } member
        ? Contexts.OfMember(member, CancellationToken.None)
        : Contexts.Of(Operation(), CancellationToken.None);

    public InstanceLifetime Lifetime() => Contexts.LifetimeOf(Type(), CancellationToken.None);

    /// <summary>The type whose name is marked.</summary>
    public INamedTypeSymbol Type() => Assert.IsAssignableFrom<INamedTypeSymbol>(Declared());

    public IOperation Operation()
    {
        var model = Compilation.GetSemanticModel(Tree);
        for (var node = Tree.GetRoot().FindNode(_span, getInnermostNodeForTie: true); node is not null; node = node.Parent)
        {
            if (model.GetOperation(node) is { } operation)
            {
                return operation;
            }
        }

        throw new InvalidOperationException("No operation at the markup.");
    }

    private ISymbol? Declared()
    {
        var token = Tree.GetRoot().FindToken(_span.Start);
        return token.Parent is MemberDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax }
            ? Compilation.GetSemanticModel(Tree).GetDeclaredSymbol(token.Parent)
            : null;
    }
}
