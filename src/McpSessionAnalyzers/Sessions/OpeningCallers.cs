using McpSessionAnalyzers.Calls;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// The names of methods that may open a session, themselves or through a few others of their type, by the text alone: calls of anything else need no look
/// in a loop.
/// </summary>
internal static class OpeningCallers
{
    public static HashSet<int> Of(Compilation compilation, HashSet<int> openingNames)
    {
        var found = new HashSet<int>();
        var seen = new HashSet<(string Type, string Method)>();
        var wanted = openingNames;
        HashSet<(string Type, string Method)>? callees = null;
        for (var hop = 0; hop <= RepeatedCalls.MaxHops && wanted.Count > 0; hop++)
        {
            var callers = new HashSet<(string Type, string Method)>();
            foreach (var tree in compilation.SyntaxTrees)
            {
                var index = NameIndex.Of(tree, CancellationToken.None);
                foreach (var position in index.PositionsOf(wanted))
                {
                    if (tree.GetRoot().FindToken(position).Parent is { } name)
                    {
                        AddCallers(name, callees, callers);
                    }
                }
            }

            callers.ExceptWith(seen);
            seen.UnionWith(callers);
            found.UnionWith(callers.Select(static caller => NameIndex.HashOf(caller.Method)));
            callees = callers;
            wanted = new(callers.Select(static caller => NameIndex.HashOf(caller.Method)));
        }

        return found;
    }

    /// <summary>The functions around a name, of the innermost type; where the name is that of a method, only if it is one of the same type.</summary>
    private static void AddCallers(SyntaxNode name, HashSet<(string Type, string Method)>? callees, HashSet<(string Type, string Method)> callers)
    {
        var type = name.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()?.Identifier.ValueText ?? "";
        if (callees is not null && !(name is SimpleNameSyntax simple && callees.Contains((type, simple.Identifier.ValueText))))
        {
            return;
        }

        for (var current = name; current is not null and not BaseTypeDeclarationSyntax; current = current.Parent)
        {
            var function = current switch
            {
                MethodDeclarationSyntax method => method.Identifier.ValueText,
                LocalFunctionStatementSyntax local => local.Identifier.ValueText,
                _ => null,
            };
            if (function is not null)
            {
                callers.Add((type, function));
            }
        }
    }
}
