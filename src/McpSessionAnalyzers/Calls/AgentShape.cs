using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>
/// Evidence 4: a method that takes a per-call argument, and whose verb is a per-message one or whose type is an agent.
/// Names lie both ways, so both halves are needed and a word of preparation anywhere in the name silences.
/// </summary>
internal sealed class AgentShape
{
    private readonly PerCallArgument _arguments;

    public AgentShape(McpSymbols mcp) => _arguments = new(mcp);

    /// <summary>"an agent method: 'Ask' takes 'question'", or null.</summary>
    public string? ReasonOf(IMethodSymbol method) =>
        Recognize(method) is var (named, argument) ? $"an agent method: '{named}' takes '{argument.Name}'" : null;

    /// <summary>The parameter that makes <paramref name="method"/> an agent method by its shape, or null where it is none.</summary>
    public IParameterSymbol? ArgumentOf(IMethodSymbol method) => Recognize(method)?.Argument;

    private (string Named, IParameterSymbol Argument)? Recognize(IMethodSymbol method)
    {
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation or MethodKind.LocalFunction))
        {
            return null;
        }

        var verb = VerbOf(method, out var isPerMessage);
        if (verb is null || method.ContainingType is { } type && AgentVocabulary.IsTestTypeName(type.Name))
        {
            return null;
        }

        var agent = isPerMessage ? null : AgentTypeOf(method);
        if (!isPerMessage && agent is null)
        {
            return null;
        }

        return _arguments.Of(method, verb.ToLowerInvariant()) is { } argument ? (agent ?? verb, argument) : null;
    }

    // The verb as it is written, or null where the name speaks against per-call code.
    private static string? VerbOf(IMethodSymbol method, out bool isPerMessage)
    {
        isPerMessage = false;
        var name = method.Name.Substring(method.Name.LastIndexOf('.') + 1);
        var words = Words.Of(name);
        if (words.IsEmpty || words.Any(AgentVocabulary.IsPhaseWord))
        {
            return null;
        }

        // TryHandle, OnMessage, DoChat: the second word is the verb.
        var index = words[0] is "try" or "do" or "on" or "internal" && words.Length > 1 ? 1 : 0;
        if (AgentVocabulary.IsLifecycleVerb(words[index]))
        {
            return null;
        }

        if (method.ContainingType is { } type && AgentVocabulary.IsCommandExecution(type.Name, words[index]))
        {
            return null;
        }

        if (AgentVocabulary.IsPerMessageVerb(words[index]))
        {
            isPerMessage = true;
            return name.Substring(Math.Max(name.IndexOf(words[index], StringComparison.OrdinalIgnoreCase), 0), words[index].Length);
        }

        isPerMessage = words[0] == "on" && words[index] is "message" or "request" or "turn" or "question";
        return name;
    }

    // The type that says so: the method's own, a class it derives from or an interface it implements.
    private static string? AgentTypeOf(IMethodSymbol method)
    {
        // A local function answers by its verb: the type's name speaks of the type's own methods.
        if (method.MethodKind == MethodKind.LocalFunction || method.ContainingType is not { } type)
        {
            return null;
        }

        for (var current = type; current is not null && current.SpecialType == SpecialType.None; current = current.BaseType)
        {
            if (AgentVocabulary.IsAgentTypeName(current.Name))
            {
                return current.Name;
            }
        }

        return type.AllInterfaces.FirstOrDefault(static i => AgentVocabulary.IsAgentTypeName(i.Name))?.Name;
    }
}
