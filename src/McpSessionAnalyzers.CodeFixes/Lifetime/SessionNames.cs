using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Names for what a fix adds: after the local that has held the session so far, in the style of the fields around, taken by nobody else.</summary>
internal sealed class SessionNames
{
    /// <summary>The stem where no name says which server it is.</summary>
    public const string Nothing = "mcp";

    private static readonly string[] Suffixes = { "Client", "Session", "Connection", "Mcp" };
    private static readonly HashSet<string> SaysNothing = new(StringComparer.OrdinalIgnoreCase) { "", "mcp", "the", "new", "server", "agent", "conn", "sess", "own" };

    private readonly HashSet<string> _taken;

    private SessionNames(IEnumerable<string> taken) => _taken = new(taken, StringComparer.Ordinal);

    /// <summary>"github" for a session held by <c>githubClient</c>; "mcp" where the name says nothing.</summary>
    public static string StemOf(SyntaxNode opening)
    {
        var holder = opening.Ancestors().TakeWhile(node => node is not (StatementSyntax or MemberDeclarationSyntax)).OfType<VariableDeclaratorSyntax>().FirstOrDefault()
            ?? (opening.FirstAncestorOrSelf<StatementSyntax>() as UsingStatementSyntax)?.Declaration?.Variables[0];
        var name = holder?.Identifier.ValueText.TrimStart('_') ?? "";
        for (var trimmed = true; trimmed;)
        {
            trimmed = false;
            foreach (var suffix in Suffixes.Where(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)))
            {
                name = name.Substring(0, name.Length - suffix.Length);
                trimmed = true;
            }
        }

        if (name.StartsWith("mcp", StringComparison.OrdinalIgnoreCase))
        {
            name = name.Substring(3);
        }

        return name.Length < 3 || SaysNothing.Contains(name) || !name.All(char.IsLetter) ? Nothing : char.ToLowerInvariant(name[0]) + name.Substring(1);
    }

    /// <summary>The names that are taken in a type, by its bases' members and by anything that its code mentions.</summary>
    public static SessionNames In(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var members = new List<string>();
        for (var current = type; current is not null; current = current.BaseType)
        {
            members.AddRange(current.GetMembers().Select(member => member.Name));
        }

        return new SessionNames(members.Concat(type.DeclaringSyntaxReferences.SelectMany(reference => Identifiers(reference.GetSyntax(cancellationToken)))));
    }

    public static SessionNames In(SyntaxNode code) => new(Identifiers(code));

    /// <summary>Names made of one stem, which gets a number if any of them is taken.</summary>
    public IReadOnlyList<string> Take(string stem, params Func<string, string>[] names)
    {
        var numbered = Scopes.UniqueName(stem, candidate => names.Any(name => _taken.Contains(name(candidate))));
        var result = names.Select(name => name(numbered)).ToList();
        _taken.UnionWith(result);
        return result;
    }

    /// <summary>How private fields are named in the type or, if it has none, in the file.</summary>
    public static Func<string, string> FieldStyle(bool isStatic, TypeDeclarationSyntax part) => StyleOf(isStatic, part);

    private static Func<string, string> StyleOf(bool isStatic, TypeDeclarationSyntax part)
    {
        var here = Fields(part, isStatic).ToList();
        var fields = here.Count > 0
            ? here
            : part.SyntaxTree.GetRoot().DescendantNodes(node => node is not MemberDeclarationSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
                .OfType<TypeDeclarationSyntax>().SelectMany(type => Fields(type, isStatic)).ToList();
        if (fields.Any(field => field.StartsWith("_", StringComparison.Ordinal)) || fields.Count == 0)
        {
            return name => "_" + name;
        }

        if (fields.Any(field => field.StartsWith("s_", StringComparison.Ordinal)))
        {
            return name => "s_" + name;
        }

        if (fields.Any(field => field.StartsWith("m_", StringComparison.Ordinal)))
        {
            return name => "m_" + name;
        }

        return fields.All(field => char.IsUpper(field[0])) ? name => "Shared" + char.ToUpperInvariant(name[0]) + name.Substring(1) : name => name;
    }

    private static IEnumerable<string> Fields(TypeDeclarationSyntax type, bool isStatic) =>
        type.Members.OfType<FieldDeclarationSyntax>()
            .Where(field => field.Modifiers.Any(SyntaxKind.StaticKeyword) == isStatic
                && !field.Modifiers.Any(SyntaxKind.ConstKeyword)
                && !field.Modifiers.Any(SyntaxKind.PublicKeyword)
                && !field.Modifiers.Any(SyntaxKind.ProtectedKeyword)
                && !field.Modifiers.Any(SyntaxKind.InternalKeyword))
            .SelectMany(field => field.Declaration.Variables.Select(variable => variable.Identifier.ValueText));

    private static IEnumerable<string> Identifiers(SyntaxNode code) =>
        code.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);
}
