using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>A local that feeds an opening (its transport, its options, what they are made of) and goes with it to where the session is kept.</summary>
internal sealed class MovedLocal
{
    public MovedLocal(ILocalSymbol symbol, VariableDeclaratorSyntax declarator, StatementSyntax statement)
    {
        Symbol = symbol;
        Declarator = declarator;
        Statement = statement;
    }

    public ILocalSymbol Symbol { get; }

    public VariableDeclaratorSyntax Declarator { get; }

    /// <summary>The declaration, or the using statement whose resource it is.</summary>
    public StatementSyntax Statement { get; }

    public ExpressionSyntax Initializer => Declarator.Initializer!.Value;

    /// <summary>An <c>HttpClient</c> of the framework's defaults: the one that a shared session offers is as good, and lives as long as the session.</summary>
    public bool IsPlainHttpClient =>
        Mutations.Count == 0
        && Symbol.Type is { Name: "HttpClient", ContainingNamespace: { Name: "Http", ContainingNamespace: { Name: "Net", ContainingNamespace.Name: "System" } } }
        && Initializer is BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 }, Initializer: null };

    /// <summary>What is done to it before the opening: <c>options.Headers.Add(…);</c>, also under a condition or for each of several.</summary>
    public SortedDictionary<int, StatementSyntax> Mutations { get; } = new();

    /// <summary>Its disposal after the session: whoever keeps the session disposes the transport.</summary>
    public List<StatementSyntax> Disposals { get; } = new();

    /// <summary>It is needed where it was, too: the opening gets a copy.</summary>
    public bool StaysToo { get; set; }

    /// <summary>What a statement changes: <c>options</c> of <c>options.Headers["a"] = "b"</c> and of <c>options.Add(…)</c>.</summary>
    public static ExpressionSyntax RootOf(ExpressionSyntax expression)
    {
        while (true)
        {
            switch (expression)
            {
                case AssignmentExpressionSyntax assignment:
                    expression = assignment.Left;
                    break;
                case InvocationExpressionSyntax invocation:
                    expression = invocation.Expression;
                    break;
                case MemberAccessExpressionSyntax access:
                    expression = access.Expression;
                    break;
                case ElementAccessExpressionSyntax element:
                    expression = element.Expression;
                    break;
                case PostfixUnaryExpressionSyntax forgiven:
                    expression = forgiven.Operand;
                    break;
                default:
                    return expression;
            }
        }
    }
}
