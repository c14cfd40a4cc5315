using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>
/// Members that a framework calls once for each object that it makes. What they fill was empty before; how often there is such an object is another
/// question.
/// </summary>
internal static class OncePerObject
{
    private static readonly Contracts Known = new(new Contract[]
    {
        new("a component's first step", "Microsoft.AspNetCore.Components.ComponentBase") { Members = new[] { "OnInitialized", "OnInitializedAsync" } },
        new("an activation", "Orleans.Grain", "Orleans.IGrainBase") { Members = new[] { "OnActivateAsync" } },
        new("an activation", "Dapr.Actors.Runtime.Actor") { Members = new[] { "OnActivateAsync" } },
        new("a service's start", "System.ServiceProcess.ServiceBase") { Members = new[] { "OnStart" } },
        new("a program's start", "System.Windows.Application") { Members = new[] { "OnStartup" } },
        new("a program's start", "Microsoft.UI.Xaml.Application", "Windows.UI.Xaml.Application") { Members = new[] { "OnLaunched" } },
        new("a program's start", "Avalonia.Application") { Members = new[] { "Initialize", "OnFrameworkInitializationCompleted" } },
        new("a connection", "Microsoft.AspNetCore.SignalR.Hub", "Microsoft.AspNetCore.Connections.ConnectionHandler") { Members = new[] { "OnConnectedAsync" } },
    });

    private static readonly Contracts Rendering = new(new Contract[]
    {
        new("a rendering", "Microsoft.AspNetCore.Components.ComponentBase") { Members = new[] { "OnAfterRender", "OnAfterRenderAsync" } },
    });

    public static bool Is(IMethodSymbol method) => Known.Of(method) is not null;

    /// <summary>The argument by which a framework says that this call is the first one for its object: <c>OnAfterRenderAsync(bool firstRender)</c>.</summary>
    public static bool IsFirst(IParameterSymbol parameter) => parameter is { Type.SpecialType: SpecialType.System_Boolean, ContainingSymbol: IMethodSymbol method } && Rendering.Of(method) is not null;
}
