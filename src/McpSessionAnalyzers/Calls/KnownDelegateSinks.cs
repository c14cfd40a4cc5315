namespace McpSessionAnalyzers.Calls;

/// <summary>How often a delegate runs, told by where it goes.</summary>
internal enum DelegateFate
{
    /// <summary>Nothing is known of the receiver.</summary>
    Unknown,

    /// <summary>Kept (a field, a property, a result): when it runs can't be seen.</summary>
    Stored,

    /// <summary>Runs within the member that hands it over: LINQ, Task.Run, retry and resilience pipelines.</summary>
    Within,

    /// <summary>As <see cref="Within"/>, once per element.</summary>
    PerElement,

    /// <summary>Once per message, request, event or tool call.</summary>
    PerCall,

    /// <summary>Once per process.</summary>
    RunOnce,

    /// <summary>Once per instance that keeps it: a lazy.</summary>
    OncePerInstance,

    /// <summary>Once per scope or resolution: factories of scoped and transient services.</summary>
    PerResolution,

    /// <summary>At some other rhythm (per connection, per reconnect): no evidence either way.</summary>
    Irregular,
}

/// <summary>One row: delegates given to these methods of these types. No methods: constructors. A trailing or leading * stands for any letters.</summary>
internal sealed record DelegateSink(DelegateFate Fate, string Reason, string[] Types, params string[] Methods)
{
    public EvidenceStrength Strength { get; init; } = EvidenceStrength.FrameworkEntryPoint;

    public RunOnceKind RunOnceKind { get; init; }

    public bool Covers(string method)
    {
        if (Methods.Length == 0)
        {
            return method == ".ctor";
        }

        foreach (var pattern in Methods)
        {
            var star = pattern.IndexOf('*');
            if (star < 0
                ? pattern == method
                : method.Length >= pattern.Length - 1 &&
                  method.StartsWith(pattern.Substring(0, star), StringComparison.Ordinal) &&
                  method.EndsWith(pattern.Substring(star + 1), StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Evidence 1 and 2 for delegates, and run-once code for them, as data.</summary>
internal static class KnownDelegateSinks
{
    public static readonly DelegateSink[] Rows =
    {
        // Web
        new(DelegateFate.PerCall, "a minimal API endpoint", new[] { "Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions", "Microsoft.AspNetCore.Builder.FallbackEndpointRouteBuilderExtensions" }, "Map", "MapGet", "MapPost", "MapPut", "MapDelete", "MapPatch", "MapMethods", "MapFallback"),
        new(DelegateFate.PerCall, "a minimal API endpoint", new[] { "Microsoft.AspNetCore.Http.RequestDelegateFactory" }, "Create"),
        new(DelegateFate.PerCall, "middleware", new[] { "Microsoft.AspNetCore.Builder.UseExtensions", "Microsoft.AspNetCore.Builder.RunExtensions" }, "Use", "Run"),
        new(DelegateFate.PerCall, "an endpoint filter", new[] { "Microsoft.AspNetCore.Http.EndpointFilterExtensions" }, "AddEndpointFilter"),
        new(DelegateFate.PerCall, "a SignalR message handler", new[] { "Microsoft.AspNetCore.SignalR.Client.HubConnectionExtensions", "Microsoft.AspNetCore.SignalR.Client.HubConnection" }, "On"),
        new(DelegateFate.PerCall, "a Blazor event handler", new[] { "Microsoft.AspNetCore.Components.EventCallbackFactory", "Microsoft.AspNetCore.Components.EventCallbackFactoryBinderExtensions", "Microsoft.AspNetCore.Components.CompilerServices.RuntimeHelpers", "Microsoft.AspNetCore.Components.WebEventCallbackFactoryEventArgsExtensions" }, "Create*"),
        new(DelegateFate.PerCall, "a Blazor event handler", new[] { "Microsoft.AspNetCore.Components.EventCallback", "Microsoft.AspNetCore.Components.EventCallback`1" }),

        // Timers, observables, data flow
        new(DelegateFate.PerCall, "a timer callback", new[] { "System.Threading.Timer" }),
        new(DelegateFate.PerCall, "a timer callback", new[] { "System.TimeProvider" }, "CreateTimer"),
        new(DelegateFate.PerCall, "subscribed to an observable", new[] { "System.ObservableExtensions", "System.Reactive.Linq.Observable" }, "Subscribe*"),
        new(DelegateFate.PerCall, "a data flow block", new[] { "System.Threading.Tasks.Dataflow.ActionBlock`1", "System.Threading.Tasks.Dataflow.TransformBlock`2", "System.Threading.Tasks.Dataflow.TransformManyBlock`2" }),

        // MCP
        new(DelegateFate.PerCall, "an MCP notification handler", new[] { "ModelContextProtocol.McpSession", "ModelContextProtocol.IMcpEndpoint", "ModelContextProtocol.McpEndpointExtensions", "ModelContextProtocol.Client.McpClientExtensions" }, "RegisterNotificationHandler"),
        new(DelegateFate.PerCall, "an MCP request handler", new[] { "Microsoft.Extensions.DependencyInjection.McpServerBuilderExtensions" }, "With*Handler"),

        // Bots and agents
        new(DelegateFate.PerCall, "a bot's turn handler", new[] { "Microsoft.Agents.Builder.App.AgentApplication", "Microsoft.Teams.Apps.App" }, "On*"),
        new(DelegateFate.PerCall, "a bot's update handler", new[] { "Telegram.Bot.TelegramBotClientExtensions" }, "StartReceiving", "ReceiveAsync"),
        new(DelegateFate.PerCall, "a UI command", new[] { "CommunityToolkit.Mvvm.Input.RelayCommand", "CommunityToolkit.Mvvm.Input.RelayCommand`1", "CommunityToolkit.Mvvm.Input.AsyncRelayCommand", "CommunityToolkit.Mvvm.Input.AsyncRelayCommand`1" }),

        // Tools
        new(DelegateFate.PerCall, "a tool function", new[] { "Microsoft.Extensions.AI.AIFunctionFactory" }, "Create") { Strength = EvidenceStrength.ToolFunction },
        new(DelegateFate.PerCall, "a kernel function", new[] { "Microsoft.SemanticKernel.KernelFunctionFactory", "Microsoft.SemanticKernel.KernelExtensions", "Microsoft.SemanticKernel.Kernel" }, "CreateFromMethod", "CreateFunctionFromMethod") { Strength = EvidenceStrength.ToolFunction },
        new(DelegateFate.PerCall, "an MCP server tool", new[] { "ModelContextProtocol.Server.McpServerTool" }, "Create") { Strength = EvidenceStrength.ToolFunction },
        new(DelegateFate.PerCall, "an MCP server prompt", new[] { "ModelContextProtocol.Server.McpServerPrompt" }, "Create") { Strength = EvidenceStrength.ToolFunction },
        new(DelegateFate.PerCall, "an MCP server resource", new[] { "ModelContextProtocol.Server.McpServerResource" }, "Create") { Strength = EvidenceStrength.ToolFunction },

        // Once
        new(
            DelegateFate.OncePerInstance,
            "a lazy's factory",
            new[] { "System.Lazy`1", "Nito.AsyncEx.AsyncLazy`1", "Microsoft.VisualStudio.Threading.AsyncLazy`1", "DotNext.Threading.AsyncLazy`1" }),
        new(DelegateFate.OncePerInstance, "a lazy's factory", new[] { "System.Threading.LazyInitializer" }, "EnsureInitialized"),
        new(
            DelegateFate.RunOnce,
            "a singleton's factory",
            new[]
            {
                "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions",
                "Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions",
                "Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions",
                "Microsoft.Extensions.DependencyInjection.ServiceDescriptor",
            },
            "*Singleton",
            "AddHostedService")
        {
            RunOnceKind = RunOnceKind.SingletonFactory,
        },
        new(
            DelegateFate.RunOnce,
            "a command-line command",
            new[]
            {
                "System.CommandLine.Command",
                "System.CommandLine.Handler",
                "System.CommandLine.NamingConventionBinder.CommandHandler",
                "System.CommandLine.Invocation.CommandHandler",
                "McMaster.Extensions.CommandLineUtils.CommandLineApplication",
                "McMaster.Extensions.CommandLineUtils.CommandLineApplicationExtensions",
                "Cocona.CoconaApp",
                "Cocona.CommandsBuilderExtensions",
                "Cocona.Builder.CommandsBuilderExtensions",
                "ConsoleAppFramework.ConsoleApp",
                "ConsoleAppFramework.ConsoleApp+ConsoleAppBuilder",
                "Spectre.Console.Cli.ConfiguratorExtensions",
                "CommandLine.ParserResultExtensions",
            },
            "SetHandler",
            "SetAction",
            "Create",
            "OnExecute*",
            "AddCommand",
            "Add",
            "Run*",
            "AddDelegate",
            "AddAsyncDelegate",
            "WithParsed*",
            "MapResult")
        {
            RunOnceKind = RunOnceKind.Command,
        },

        // Within the member that hands it over
        new(
            DelegateFate.PerElement,
            "",
            new[] { "System.Threading.Tasks.Parallel", "System.Array", "System.Linq.Enumerable", "System.Linq.ParallelEnumerable", "System.Linq.AsyncEnumerable", "System.Linq.Queryable" },
            "*"),
        new(DelegateFate.PerElement, "", new[] { "System.Collections.Generic.List`1" }, "ForEach", "ConvertAll", "Find*", "Exists", "TrueForAll", "RemoveAll"),
        new(
            DelegateFate.Within,
            "",
            new[] { "System.Threading.Tasks.Task", "System.Threading.Tasks.Task`1", "System.Threading.Tasks.TaskFactory", "System.Threading.Tasks.TaskFactory`1", "System.Threading.ThreadPool", "System.Threading.ExecutionContext", "System.Threading.SynchronizationContext" },
            "*"),
        new(DelegateFate.Within, "", new[] { "System.Threading.Thread" }),
    };

    /// <summary>Every delegate of these types handles one request, wherever it is made and whoever takes it.</summary>
    public static readonly Contract[] PerCallDelegateTypes =
    {
        new("a request delegate", "Microsoft.AspNetCore.Http.RequestDelegate"),
        new("an endpoint filter", "Microsoft.AspNetCore.Http.EndpointFilterDelegate"),
        new("an MCP request handler", "ModelContextProtocol.Server.McpRequestHandler`2"),
        new("an MCP message handler", "ModelContextProtocol.Server.McpMessageHandler"),
    };

    /// <summary>
    /// Builders whose Use takes both factories (run once: they return the next client or agent) and handlers (run per call: they return what was asked for).
    /// </summary>
    public static readonly string[] MiddlewareBuilders =
    {
        "Microsoft.Extensions.AI.ChatClientBuilder",
        "Microsoft.Agents.AI.AIAgentBuilder",
        "Microsoft.Agents.AI.AIAgentBuilderExtensions",
        "Microsoft.Agents.AI.FunctionInvocationDelegatingAgentBuilderExtensions",
        "Microsoft.AspNetCore.Builder.IApplicationBuilder",
    };

    /// <summary>Properties that take a handler: FunctionInvokingChatClient.FunctionInvoker, A2A's OnMessageReceived. (MCP's own: any property named …Handler or …Handlers.)</summary>
    public static readonly DelegateSink[] HandlerProperties =
    {
        new(DelegateFate.PerCall, "the function invoker of a chat client", new[] { "Microsoft.Extensions.AI.FunctionInvokingChatClient" }, "FunctionInvoker") { Strength = EvidenceStrength.AgentContract },
        new(DelegateFate.PerCall, "an A2A message handler", new[] { "A2A.TaskManager", "A2A.ITaskManager" }, "OnMessageReceived", "OnTaskCreated", "OnTaskUpdated"),
        new(DelegateFate.PerCall, "an actor's message handler", new[] { "Proto.Props" }, "FromFunc"),
    };

    /// <summary>Events of a program's or a window's life, by their full name: each is raised once.</summary>
    public static readonly HashSet<string> LifecycleEvents = new()
    {
        "ProcessExit", "DomainUnload", "CancelKeyPress", "UnhandledException", "Unloading", "Startup", "Exit", "ApplicationExit", "SessionEnding",
        "Load", "Loaded", "Unloaded", "Shown", "Closing", "Closed", "FormClosing", "FormClosed", "Disposed", "Opened", "Initialized",
        "Started", "Stopping", "Stopped", "Starting", "Exited", "Ready", "HandleCreated", "HandleDestroyed", "Destroying", "Created", "ShutdownRequested", "Shutdown",
    };

    /// <summary>
    /// Last words of events of some life, connection or configuration ("ServerStarted", "Reconnected", "SettingsChanged"): opening anew there may be a
    /// reconnect, so they say nothing.
    /// </summary>
    private static readonly HashSet<string> OtherEventWords = new()
    {
        "started", "starting", "stopped", "stopping", "loaded", "unloaded", "load", "shown", "closing", "closed", "exit", "exited", "disposed", "disposing", "opened",
        "initialized", "initialised", "activated", "deactivated", "ready", "shutdown", "created", "destroyed", "startup", "ending", "ended", "launched", "suspending", "suspended",
        "resuming", "resumed", "exception", "resolve", "resolving", "connected", "disconnected", "reconnected", "reconnecting", "lost", "restored", "failed", "changed", "expired",
        "error", "faulted", "dropped", "renamed", "recovered", "terminated",
    };

    public static bool IsIrregularEvent(string name) => Words.Of(name) is { Length: > 0 } words && OtherEventWords.Contains(words[words.Length - 1]);
}
