using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>The getter of the plain form.</summary>
internal sealed class GetterCode
{
    private readonly SharingContext _context;

    public GetterCode(SharingContext context)
    {
        _context = context;
        var result = ((INamedTypeSymbol)context.Recipe.Create.TargetMethod.ReturnType).TypeArguments[0];
        ClientType = context.Document.Usings.NameOf((INamedTypeSymbol)result, context.Opening.SpanStart);
        HasCompletion = result.GetMembers("Completion").Any();
    }

    public string ClientType { get; }

    /// <summary>The SDK says when a session has ended (since 1.0).</summary>
    private bool HasCompletion { get; }

    /// <summary>What an opening needs in front of it is needed by one of these.</summary>
    public static IEnumerable<ExpressionSyntax> Parts(OpeningRecipe recipe) =>
        new[] { recipe.Transport, recipe.ClientOptions, recipe.LoggerFactory }.OfType<ExpressionSyntax>();

    /// <summary>The opening as it was written, with another token or, where there is none, without.</summary>
    public static string Create(OpeningRecipe recipe, RecipeText text, string indentation, string? token)
    {
        var invocation = (InvocationExpressionSyntax)recipe.Create.Syntax;
        var arguments = invocation.ArgumentList.Arguments;
        var given = arguments.FirstOrDefault(argument => argument.Expression == recipe.Token);
        var edit = (given, token) switch
        {
            (null, null) => new TextChange(new TextSpan(invocation.Span.End, 0), ""),
            (null, not null) => new TextChange(new TextSpan(arguments.Last().Span.End, 0), $", cancellationToken: {token}"),
            (not null, null) => new TextChange(TextSpan.FromBounds(given.GetFirstToken().GetPreviousToken().SpanStart, given.Span.End), ""),
            (not null, not null) => new TextChange(given.Expression.Span, token),
        };
        return text.Render(invocation, indentation, edit);
    }

    public string Write(CodeWriter writer, string client, string gate, string name, string configured)
    {
        var text = new RecipeText(_context.Recipe, _context.Document, static _ => false, null);
        var task = _context.Document.Usings.NameOf("System.Threading.Tasks.Task`1", _context.Opening.SpanStart);
        var token = _context.Document.Usings.NameOf("System.Threading.CancellationToken", _context.Opening.SpanStart);
        writer.Line($"private {(_context.IsStatic ? "static " : "")}async {task}<{ClientType}> {name}({token} cancellationToken = default)").Open()
            .Line($"await {gate}.WaitAsync(cancellationToken){configured};")
            .Line("try").Open();
        if (HasCompletion)
        {
            writer.Line($"if ({client} is {{ Completion: {{ IsCompleted: true }} }} ended)").Open()
                .Line($"{client} = null;")
                .Line($"await ended.DisposeAsync(){configured};")
                .Close()
                .Line();
        }

        var prelude = text.Prelude(Parts(_context.Recipe), writer.Indentation + _context.Document.Layout.Unit);
        if (prelude.Count == 0)
        {
            writer.Line($"return {client} ??= await {Create(_context.Recipe, text, writer.Indentation, "cancellationToken")}{configured};");
        }
        else
        {
            writer.Line($"if ({client} is null)").Open();
            foreach (var statement in prelude)
            {
                writer.Line(statement);
            }

            writer.Line($"{client} = await {Create(_context.Recipe, text, writer.Indentation, "cancellationToken")}{configured};")
                .Close()
                .Line()
                .Line($"return {client};");
        }

        writer.Close().Line("finally").Open().Line($"{gate}.Release();").Close().Close();
        return writer.ToString();
    }
}
