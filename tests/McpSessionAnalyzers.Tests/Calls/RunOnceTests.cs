using McpSessionAnalyzers.Calls;

namespace McpSessionAnalyzers.Tests.Calls;

/// <summary>Run-once code, and what only stands near it.</summary>
public sealed class RunOnceTests
{
    public static TheoryData<Case> RunOnce => Case.For(
        new("Main", "class P { static async Task Main() { await [|Session.OpenAsync()|]; } }"),
        new("Main with arguments that look like a message", "class P { static async Task<int> Main(string[] message) { await [|Session.OpenAsync()|]; return 0; } }"),
        new("top-level statements", "await [|Session.OpenAsync()|];"),
        new("what a foreach iterates over", "foreach (var x in new[] { [|Session.OpenAsync()|] }) { }"),
        new("what a for starts with", "for (var s = [|Session.OpenAsync()|]; s.IsCompleted; ) { }"),
        new("a retry lambda in Main", "var retry = Polly.ResiliencePipeline.Empty; await retry.ExecuteAsync(async ct => { await [|Session.OpenAsync()|]; });"),
        new("Task.Run in Main", "await Task.Run(async () => { await [|Session.OpenAsync()|]; });"),
        new("a local function that Main calls", "await Open(); async Task Open() { await [|Session.OpenAsync()|]; }"),
        new("a private helper of Main that looks per-call", """
            class P { static Task Main() => AskAsync("hello"); private static async Task AskAsync(string question) { await [|Session.OpenAsync()|]; } }
            """),
        new("a private getter that only Main reads", "class P { static Task<object> Client => [|Session.OpenAsync()|]; static async Task Main() => await Client; }"),
        new("a constructor", "class A { public A() { [|Session.OpenAsync()|].Wait(); } }"),
        new("a static constructor", "class A { static A() { [|Session.OpenAsync()|].Wait(); } }"),
        new("a field's initializer", "class A { private readonly Task<object> _s = [|Session.OpenAsync()|]; }"),
        new("a property's initializer", "class A { public Task<object> S { get; } = [|Session.OpenAsync()|]; }"),
        new("a static field of a controller", "class C : ControllerBase { private static readonly Task<object> S = [|Session.OpenAsync()|]; }"),
        new("a lazy field of an agent", """
            class TravelAgent { private readonly Lazy<Task<object>> _s = new(() => [|Session.OpenAsync()|]); }
            """),
        new("a lazy field assigned in a per-call method", """
            class TravelAgent { private Lazy<Task<object>>? _s; public async Task AskAsync(string question) { _s ??= new Lazy<Task<object>>(() => [|Session.OpenAsync()|]); await _s.Value; } }
            """),
        new("a lazy's method", """
            class TravelAgent { private readonly Lazy<Task<object>> _s; public TravelAgent() => _s = new(OpenAsync); private async Task<object> OpenAsync() => await [|Session.OpenAsync()|]; }
            """),
        new("a lazy that a variable hands to a field", """
            class TravelAgent { Lazy<Task<object>>? _s; public void AskAsync(string question) { var lazy = new Lazy<Task<object>>(() => [|Session.OpenAsync()|]); _s ??= lazy; } }
            """),
        new("LazyInitializer", """
            class TravelAgent { Task<object>? _s; public void AskAsync(string question) { LazyInitializer.EnsureInitialized(ref _s, () => [|Session.OpenAsync()|]); } }
            """),
        new("a method given to a command in a loop over commands", """
            class P
            {
                static void Main() { foreach (var name in new[] { "a", "b" }) { new System.CommandLine.Command().SetAction(AskAsync); } }
                private static async Task AskAsync(System.CommandLine.ParseResult question, CancellationToken ct) { await [|Session.OpenAsync()|]; }
            }
            """),
        new("a lazy of one's own", """
            class AsyncLazy<T> { public AsyncLazy(Func<Task<T>> make) { } }
            class TravelAgent { AsyncLazy<object>? _s; public void AskAsync(string question) { _s ??= new AsyncLazy<object>(async () => await [|Session.OpenAsync()|]); } }
            """),
        new("a class derived from Lazy", """
            class Deferred<T> : Lazy<T> { public Deferred(Func<T> make) : base(make) { } }
            class TravelAgent { private readonly Deferred<Task<object>> _s = new(() => [|Session.OpenAsync()|]); }
            """),
        new("a static lazy in a controller", """
            class C : ControllerBase { private static readonly Lazy<Task<object>> S = new(() => [|Session.OpenAsync()|]); }
            """),
        new("StartAsync", """
            class S : IHostedService { public async Task StartAsync(CancellationToken ct) { await [|Session.OpenAsync()|]; } public Task StopAsync(CancellationToken ct) => Task.CompletedTask; }
            """),
        new("StartingAsync", """
            abstract class S : IHostedLifecycleService
            {
                public async Task StartingAsync(CancellationToken ct) { await [|Session.OpenAsync()|]; }
                public abstract Task StartAsync(CancellationToken ct); public abstract Task StartedAsync(CancellationToken ct);
                public abstract Task StopAsync(CancellationToken ct); public abstract Task StoppedAsync(CancellationToken ct); public abstract Task StoppingAsync(CancellationToken ct);
            }
            """),
        new("ExecuteAsync before its loop", """
            class S : BackgroundService { protected override async Task ExecuteAsync(CancellationToken ct) { await [|Session.OpenAsync()|]; while (!ct.IsCancellationRequested) { await Task.Yield(); } } }
            """),
        new("a singleton's factory", """
            var services = new ServiceCollection();
            services.AddSingleton(async sp => await [|Session.OpenAsync()|]);
            """),
        new("a keyed singleton's factory", """
            var services = new ServiceCollection();
            services.AddKeyedSingleton<Task<object>>("x", async (sp, key) => await [|Session.OpenAsync()|]);
            """),
        new("TryAddSingleton's factory", """
            var services = new ServiceCollection();
            services.TryAddSingleton<Task<object>>(sp => [|Session.OpenAsync()|]);
            """),
        new("ServiceDescriptor.Singleton's factory", """
            var services = new ServiceCollection();
            services.Add(ServiceDescriptor.Singleton<Task<object>>(sp => [|Session.OpenAsync()|]));
            """),
        new("new ServiceDescriptor's factory", """
            var services = new ServiceCollection();
            services.Add(new ServiceDescriptor(typeof(Task<object>), sp => [|Session.OpenAsync()|], ServiceLifetime.Singleton));
            """),
        new("a public method given as a singleton's factory", """
            public class A { public static Task<object> Open(IServiceProvider sp) => [|Session.OpenAsync()|]; }
            static class R { public static void Add(IServiceCollection services) => services.AddSingleton(A.Open); }
            """),
        new("a method that composes the application", """
            static class R { public static void HandleRequestServices(this IServiceCollection services, string message) { [|Session.OpenAsync()|].Wait(); } }
            """),
        new("a fact", "class T { [Xunit.Fact] public async Task Chats() { await [|Session.OpenAsync()|]; } }"),
        new("a theory with a message", "class T { [Xunit.Theory] public async Task ProcessAsync(string message) { await [|Session.OpenAsync()|]; } }"),
        new("a helper of a test class", "class T { [Xunit.Fact] public void F() { } private async Task AskAsync(string question) { await [|Session.OpenAsync()|]; } }"),
        new("a loop in a test", "class T { [Xunit.Fact] public async Task F() { while (true) { await [|Session.OpenAsync()|]; } } }"),
        new("an endpoint that a test maps", "class T { [Xunit.Fact] public void F() { WebApplication.Create().MapGet(\"/\", async () => { await [|Session.OpenAsync()|]; }); } }"),
        new("an inherited test class", "class B { [NUnit.Framework.Test] public void F() { } } class T : B { public async Task AskAsync(string question) { await [|Session.OpenAsync()|]; } }"),
        new("a set-up", "class T { [NUnit.Framework.OneTimeSetUp] public async Task Up() { await [|Session.OpenAsync()|]; } }"),
        new("a fixture", "class F : Xunit.IAsyncLifetime { public async ValueTask InitializeAsync() { await [|Session.OpenAsync()|]; } public ValueTask DisposeAsync() => default; }"),
        new("a benchmark", "class B { [BenchmarkDotNet.Attributes.Benchmark] public async Task Chat() { await [|Session.OpenAsync()|]; } }"),
        new("a Spectre command", """
            class S : Spectre.Console.Cli.CommandSettings { }
            class AskCommand : Spectre.Console.Cli.AsyncCommand<S> { public override async Task<int> ExecuteAsync(Spectre.Console.Cli.CommandContext context, S request) { await [|Session.OpenAsync()|]; return 0; } }
            """),
        new("SetAction", """
            var root = new System.CommandLine.RootCommand();
            root.SetAction(async (result, ct) => { await [|Session.OpenAsync()|]; });
            """),
        new("a method called by SetAction's lambda", """
            var root = new System.CommandLine.RootCommand();
            root.SetAction(async (result, ct) => await AskAsync(result.GetValue<string>("q")!));
            async Task AskAsync(string question) { await [|Session.OpenAsync()|]; }
            """),
        new("a public method given to SetHandler", """
            public class Commands { public static async Task AskAsync(string question) { await [|Session.OpenAsync()|]; } }
            class P { static void Main(string[] args) { var root = new System.CommandLine.RootCommand(); System.CommandLine.Handler.SetHandler<string>(root, Commands.AskAsync); } }
            """),
        new("McMaster's OnExecuteAsync", """
            [McMaster.Extensions.CommandLineUtils.Command] class P { public async Task OnExecuteAsync(string input) { await [|Session.OpenAsync()|]; } }
            """),
        new("a module initializer", "class M { [System.Runtime.CompilerServices.ModuleInitializer] internal static void Init() { [|Session.OpenAsync()|].Wait(); } }"));

    [Theory, MemberData(nameof(RunOnce))]
    public void IsRunOnce(Case row) => Assert.Equal(CallFrequency.RunOnce, CallProbe.At(row).Context().Frequency);

    public static TheoryData<Case> Unknown => Case.For(
        new("a chat loop in Main", "while (true) { await [|Session.OpenAsync()|]; }"),
        new("a condition of a loop in Main", "while ([|Session.OpenAsync()|].IsCompleted) { }"),
        new("per element in Main", "var all = new[] { 1, 2 }.Select(async i => await [|Session.OpenAsync()|]).ToList();"),
        new("Parallel.ForEachAsync in Main", "await Parallel.ForEachAsync(new[] { 1 }, async (i, ct) => { await [|Session.OpenAsync()|]; });"),
        new("a local function that Main calls in a loop", "while (true) { await Go(); } async Task Go() { await [|Session.OpenAsync()|]; }"),
        new("ExecuteAsync inside its loop", """
            class S : BackgroundService { protected override async Task ExecuteAsync(CancellationToken ct) { while (!ct.IsCancellationRequested) { await [|Session.OpenAsync()|]; } } }
            """),
        new("a periodic timer's loop", """
            class S : BackgroundService
            {
                protected override async Task ExecuteAsync(CancellationToken ct) { using var t = new PeriodicTimer(TimeSpan.FromSeconds(1)); while (await t.WaitForNextTickAsync(ct)) { await [|Session.OpenAsync()|]; } }
            }
            """),
        new("a helper that is called in ExecuteAsync's loop", """
            class S : BackgroundService
            {
                protected override async Task ExecuteAsync(CancellationToken ct) { while (true) { await PollAsync(); } }
                private async Task PollAsync() { await [|Session.OpenAsync()|]; }
            }
            """),
        new("a delegate that a constructor keeps", "class A { private readonly Func<Task> _go; public A() => _go = async () => { await [|Session.OpenAsync()|]; }; }"),
        new("a delegate in a field's initializer", "class A { private readonly Func<Task> _go = async () => { await [|Session.OpenAsync()|]; }; }"),
        new("a delegate that a list keeps", "var handlers = new List<Func<Task>>(); handlers.Add(async () => { await [|Session.OpenAsync()|]; });"),
        new("a delegate that a map keeps", "var handlers = new Dictionary<string, Func<Task>>(); handlers[\"x\"] = async () => { await [|Session.OpenAsync()|]; };"),
        new("a delegate that an object keeps", "class Worker { public Worker(Func<Task> work) { } } class A { readonly Worker _w = new(async () => { await [|Session.OpenAsync()|]; }); }"),
        new("a local function called Main", "class A { public void Go() { Main(); static void Main() => [|Session.OpenAsync()|].Wait(); } }"),
        new("a property that opens each time", "class A { public Task<object> [|Client|] => Session.OpenAsync(); }"),
        new("any public method", "class A { public async Task Go() { await [|Session.OpenAsync()|]; } }"),
        new("any getter", "class A { public Task<object> Client => [|Session.OpenAsync()|]; }"),
        new("a local function that nobody calls, in Main", "Console.WriteLine(); async Task Go() { await [|Session.OpenAsync()|]; }"));

    [Theory, MemberData(nameof(Unknown))]
    public void IsUnknown(Case row) => Assert.Equal(CallFrequency.Unknown, CallProbe.At(row).Context().Frequency);

    [Fact]
    public void ALazyThatStaysInTheCallIsOfTheCall() => Assert.True(
        CallProbe.At("class A { public async Task AskAsync(string question) { var s = new Lazy<Task<object>>(() => [|Session.OpenAsync()|]); await s.Value; } }").Context().IsPerCall);

    [Fact]
    public void AMessageMethodThatMainCallsInItsLoopSpeaksForItself() => Assert.Equal(
        EvidenceStrength.AgentShape,
        CallProbe.At("while (true) { await AskAsync(Console.ReadLine()!); } async Task AskAsync(string question) { await [|Session.OpenAsync()|]; }").Context().Strength);

    [Fact]
    public void AFakeAgentInATestClassIsNotTheTest() => Assert.True(
        CallProbe.At("class T { [Xunit.Fact] public void F() { } public class FakeAgent { public async Task AskAsync(string question) { await [|Session.OpenAsync()|]; } } }").Context().IsPerCall);

    [Theory]
    [InlineData("await [|Session.OpenAsync()|];", nameof(RunOnceKind.EntryPoint))]
    [InlineData("class A { public A() { [|Session.OpenAsync()|].Wait(); } }", nameof(RunOnceKind.Construction))]
    [InlineData("abstract class S : IHostedService { public Task StartAsync(CancellationToken c) => [|Session.OpenAsync()|]; public abstract Task StopAsync(CancellationToken c); }", nameof(RunOnceKind.HostedService))]
    [InlineData("class F : Xunit.IAsyncLifetime { public async ValueTask InitializeAsync() { await [|Session.OpenAsync()|]; } public ValueTask DisposeAsync() => default; }", nameof(RunOnceKind.Fixture))]
    [InlineData("new ServiceCollection().AddSingleton(sp => [|Session.OpenAsync()|]);", nameof(RunOnceKind.SingletonFactory))]
    [InlineData("static class R { public static void AddIt(this IServiceCollection s) => [|Session.OpenAsync()|].Wait(); }", nameof(RunOnceKind.Composition))]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => [|Session.OpenAsync()|].Wait();", nameof(RunOnceKind.Callback))]
    [InlineData("new System.CommandLine.RootCommand().SetAction((r, c) => [|Session.OpenAsync()|]);", nameof(RunOnceKind.Command))]
    [InlineData("class T { [Xunit.Fact] public Task F() => [|Session.OpenAsync()|]; }", nameof(RunOnceKind.Test))]
    [InlineData("class A { readonly Lazy<Task<object>> _s = new(() => [|Session.OpenAsync()|]); }", nameof(RunOnceKind.Lazy))]
    [InlineData("class A { readonly Lazy<Task<object>> _s; public A() { Open().Wait(); _s = new(Open); } Task<object> Open() => [|Session.OpenAsync()|]; }", nameof(RunOnceKind.Lazy))]
    public void SaysWhichKind(string source, string expected) => Assert.Equal(expected, CallProbe.At(source).Context().RunOnceKind.ToString());

    [Theory]
    [InlineData("class [|P|] { static void Main() { } }", true)]
    [InlineData("class [|S|] : BackgroundService { protected override Task ExecuteAsync(CancellationToken ct) => Task.CompletedTask; }", true)]
    [InlineData("class [|T|] { [Xunit.Fact] public void F() { } }", true)]
    [InlineData("class S : Spectre.Console.Cli.CommandSettings { } abstract class [|C|] : Spectre.Console.Cli.AsyncCommand<S> { }", true)]
    [InlineData("class [|A|] { public static void Main2() { } }", false)]
    [InlineData("class [|C|] : ControllerBase { }", false)]
    public void KnowsRunOnceTypes(string source, bool expected)
    {
        var probe = CallProbe.At(source);
        Assert.Equal(expected, probe.Contexts.IsRunOnceType(probe.Type(), CancellationToken.None));
    }

    [Theory]
    [InlineData("while (true) { await [|Session.OpenAsync()|]; }", true)]
    [InlineData("foreach (var i in new[] { 1 }) { await Task.Run(async () => { await [|Session.OpenAsync()|]; }); }", true)]
    [InlineData("var all = new[] { 1 }.Select(async i => await [|Session.OpenAsync()|]).ToList();", true)]
    [InlineData("foreach (var i in new[] { [|Session.OpenAsync()|] }) { }", false)]
    [InlineData("foreach (var i in new[] { 1 }) { async Task Go() { await [|Session.OpenAsync()|]; } await Go(); }", false)]
    [InlineData("var app = WebApplication.Create(); foreach (var path in new[] { \"/a\" }) { app.MapGet(path, async () => { await [|Session.OpenAsync()|]; }); }", false)]
    public void FindsTheLoop(string source, bool expected)
    {
        var probe = CallProbe.At(source);
        Assert.Equal(expected, probe.Contexts.LoopOf(probe.Operation(), CancellationToken.None) is not null);
    }
}
