using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>All that has been decided of one opening before anything is written.</summary>
internal sealed record SharingContext(
    OpeningRecipe Recipe, SessionPlace Place, IReadOnlyList<Release> Releases, SolutionEdits Solution, DocumentEdits Document, CompilationFacts Facts)
{
    public SyntaxNode Opening => Recipe.Create.Syntax;

    public string Stem { get; } = SessionNames.StemOf(Recipe.Create.Syntax);

    public bool IsStatic => Place.Kind == SessionPlaceKind.Static;

    public LanguageVersion LanguageVersion => ((CSharpParseOptions)Opening.SyntaxTree.Options).LanguageVersion;

    public bool HasNullableAnnotations => Document.Model.GetNullableContext(Opening.SpanStart).HasFlag(NullableContext.AnnotationsEnabled);

    /// <summary><c>.ConfigureAwait(false)</c> where the opening has it: then the code around it does so throughout.</summary>
    public string Configured =>
        Opening.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax { ArgumentList: var arguments } }
            && arguments.ToString().Contains("false")
            ? ".ConfigureAwait(false)"
            : "";

    /// <summary>How what the call or its instance was given is asked for where the session is kept; null for anything else.</summary>
    public string? ServiceOf(ISymbol symbol)
    {
        if (Place.Injected is { } injected)
        {
            return injected.Values.TextOf(symbol, injected.Site);
        }

        if (Place.Application is not { } application || symbol is not IParameterSymbol parameter || !Recipe.Services.Contains(parameter, SymbolEqualityComparer.Default))
        {
            return null;
        }

        // For the using directive of the extension method.
        Document.Usings.NameOf("Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions", Opening.SpanStart);
        return $"{application.Name}.Services.GetRequiredService<{parameter.Type.ToMinimalDisplayString(Document.Model, Opening.SpanStart)}>()";
    }

    /// <summary>Names taken in the type or member that the session is kept in; the same for every opening that goes there.</summary>
    public SessionNames Names(CancellationToken cancellationToken)
    {
        var memory = Solution.Memory<NamesMemory>(Place.Owner);
        return memory.Names ??= Place.Type is { } type ? SessionNames.In(type, cancellationToken) : SessionNames.In(Document.Root);
    }

    /// <summary>What has been added for which server, and under which name.</summary>
    public Dictionary<string, string> Known() => Solution.Memory<KnownMemory>(Place.Owner).Names;

    /// <summary>Members whose plain name a constructor's parameters or locals hide.</summary>
    public Func<ISymbol, bool> HiddenInConstructors(CancellationToken cancellationToken)
    {
        if (!Place.NeedsConstructors || Constructors.Of(Place.Type!, cancellationToken) is not { } constructors)
        {
            return static _ => false;
        }

        var hidden = new HashSet<string>(constructors.SelectMany(constructor => constructor.DescendantNodes().Select(node => node switch
        {
            ParameterSyntax parameter => parameter.Identifier.ValueText,
            VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
            SingleVariableDesignationSyntax designation => designation.Identifier.ValueText,
            _ => "",
        })));
        return member => hidden.Contains(member.Name);
    }

    private sealed class NamesMemory
    {
        public SessionNames? Names { get; set; }
    }

    private sealed class KnownMemory
    {
        public Dictionary<string, string> Names { get; } = new(StringComparer.Ordinal);
    }
}
