using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>
/// Event handlers whose subscription stands where no analyzer sees it (XAML, a designer): <c>void Send_Click(object sender, EventArgs e)</c>.
/// </summary>
internal static class EventHandlerShape
{
    private static readonly TypeNames EventArguments = new("System.EventArgs", "Windows.UI.Xaml.RoutedEventArgs", "Microsoft.UI.Xaml.RoutedEventArgs");

    public static string? ReasonOf(IMethodSymbol method)
    {
        if (method is not { MethodKind: MethodKind.Ordinary, ReturnsVoid: true, Parameters.Length: 2 } ||
            method.Parameters[0].Type.SpecialType != SpecialType.System_Object ||
            !EventArguments.ContainsBaseOf(method.Parameters[1].Type))
        {
            return null;
        }

        // Window_Loaded, OnClosing, ConnectButton_Click: a life and a connection have events, too.
        var words = Words.Of(method.Name);
        var name = method.Name.Substring(method.Name.LastIndexOf('_') + 1);
        var raised = name.StartsWith("On", StringComparison.Ordinal) ? name.Substring(2) : name;
        return KnownDelegateSinks.LifecycleEvents.Contains(raised) || KnownDelegateSinks.IsIrregularEvent(raised) || words.Any(AgentVocabulary.IsPhaseWord) || AgentVocabulary.IsLifecycleVerb(words[0])
            ? null
            : "an event handler";
    }
}
