using McpSessionAnalyzers.Calls;

namespace McpSessionAnalyzers.Tests.Calls;

/// <summary>Whose fields outlive a call.</summary>
public sealed class InstanceLifetimeTests
{
    public static TheoryData<Case> LongLived => Case.For(
        new("a class that nobody registers", "class [|A|] { }"),
        new("a class that is made with new only", "class [|A|] { } class B { public A Make() => new A(); }"),
        new("an AddScoped of one's own", """
            class [|A|] { } class Bag { public void AddScoped<T>() { } } class R { public void Add(Bag bag) => bag.AddScoped<A>(); }
            """),
        new("a scoped factory that hands out an object from elsewhere", """
            class [|A|] { } class R { readonly A _a = new(); public void Add(IServiceCollection s) => s.AddScoped(_ => _a); }
            """),
        new("a transient factory that forwards to another registration", """
            interface IA { } class [|A|] : IA { } class R { public void Add(IServiceCollection s) => s.AddTransient<IA>(sp => sp.GetRequiredService<A>()); }
            """),
        new("a static class of tools", "static class [|T|] { [ModelContextProtocol.Server.McpServerTool] public static string Go() => \"\"; }"),
        new("a class with only static tools", "class [|T|] { [ModelContextProtocol.Server.McpServerTool] public static string Go() => \"\"; }"),
        new("a tool class that is handed over as an object", """
            class [|T|] { [ModelContextProtocol.Server.McpServerTool] public string Go() => ""; } class R { public void Add(IMcpServerBuilder b) => b.WithTools(new T()); }
            """),
        new("a tool class whose object comes from somewhere", """
            class [|T|] { [ModelContextProtocol.Server.McpServerTool] public string Go() => ""; } class R { public void Add(IMcpServerBuilder b, T tools) => b.WithTools(tools); }
            """),
        new("a class with a RequestDelegate that is no middleware", "class [|P|] { public P(RequestDelegate next) { } }"),
        new("a plugin of Semantic Kernel: made once", "class [|P|] { [Microsoft.SemanticKernel.KernelFunction] public string Go() => \"\"; }"),
        new("a chat client", "abstract class [|C|] : DelegatingChatClient { protected C(IChatClient c) : base(c) { } }"),
        new("an HTTP message handler: pooled", "class [|H|] : DelegatingHandler { }"),
        new("a grain", "class [|G|] : Orleans.Grain { }"));

    [Theory, MemberData(nameof(LongLived))]
    public void IsTakenForLongLived(Case row) => Assert.False(CallProbe.At(row).Lifetime().IsPerCall);

    public static TheoryData<Case> Singletons => Case.For(
        new("AddSingleton<T>", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.AddSingleton<A>(); }"),
        new("AddSingleton<I, T>", "interface I { } class [|A|] : I { } class R { public void Add(IServiceCollection s) => s.AddSingleton<I, A>(); }"),
        new("the interface of a singleton", "interface [|I|] { } class A : I { } class R { public void Add(IServiceCollection s) => s.AddSingleton<I, A>(); }"),
        new("AddSingleton(typeof)", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.AddSingleton(typeof(A)); }"),
        new("AddSingleton(instance)", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.AddSingleton(new A()); }"),
        new("AddSingleton(factory)", "interface I { } class [|A|] : I { } class R { public void Add(IServiceCollection s) => s.AddSingleton<I>(sp => new A()); }"),
        new("TryAddSingleton", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.TryAddSingleton<A>(); }"),
        new("TryAddEnumerable", "interface I { } class [|A|] : I { } class R { public void Add(IServiceCollection s) => s.TryAddEnumerable(ServiceDescriptor.Singleton<I, A>()); }"),
        new("AddKeyedSingleton", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.AddKeyedSingleton<A>(\"k\"); }"),
        new("new ServiceDescriptor with an instance", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.Add(new ServiceDescriptor(typeof(A), new A())); }"),
        new("AddHostedService", "abstract class [|A|] : IHostedService { public abstract Task StartAsync(CancellationToken c); public abstract Task StopAsync(CancellationToken c); } class R { public void Add(IServiceCollection s) => s.AddHostedService<A>(); }"),
        new("a singleton wins over scoped", "class [|A|] { } class R { public void Add(IServiceCollection s) { s.AddScoped<A>(); s.AddSingleton<A>(); } }"),
        new("a tool class registered as a singleton", "class [|T|] { [ModelContextProtocol.Server.McpServerTool] public string Go() => \"\"; } class R { public void Add(IServiceCollection s) => s.AddSingleton<T>(); }"),
        new("IMiddleware as a singleton", "class [|M|] : IMiddleware { public Task InvokeAsync(HttpContext c, RequestDelegate n) => n(c); } class R { public void Add(IServiceCollection s) => s.AddSingleton<M>(); }"),
        new("an open generic", "class [|A|]<T> { } class R { public void Add(IServiceCollection s) => s.AddSingleton(typeof(A<>)); }"),
        new("middleware by convention", "class [|M|] { public M(RequestDelegate next) { } public Task InvokeAsync(HttpContext c) => Task.CompletedTask; }"));

    [Theory, MemberData(nameof(Singletons))]
    public void IsSingleton(Case row) => Assert.Equal(InstanceLifetimeKind.Singleton, CallProbe.At(row).Lifetime().Kind);

    public static TheoryData<Case> Registered => Case.For(
        new("AddScoped<T>", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.AddScoped<A>(); }"),
        new("AddTransient<I, T>", "interface I { } class [|A|] : I { } class R { public void Add(IServiceCollection s) => s.AddTransient<I, A>(); }"),
        new("its interface", "interface [|I|] { } class A : I { } class R { public void Add(IServiceCollection s) => s.AddTransient<I, A>(); }"),
        new("AddScoped(typeof, typeof)", "interface I { } class [|A|] : I { } class R { public void Add(IServiceCollection s) => s.AddScoped(typeof(I), typeof(A)); }"),
        new("AddScoped(factory)", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.AddScoped(sp => new A()); }"),
        new("AddScoped(factory with a body)", "interface I { } class [|A|] : I { } class R { public void Add(IServiceCollection s) => s.AddScoped<I>(sp => { var x = 1; if (x > 0) return new A(); return new A(); }); }"),
        new("ActivatorUtilities", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.AddScoped(sp => ActivatorUtilities.CreateInstance<A>(sp)); }"),
        new("AddKeyedScoped", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.AddKeyedScoped<A>(\"k\"); }"),
        new("TryAddTransient", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.TryAddTransient<A>(); }"),
        new("ServiceDescriptor.Scoped", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.Add(ServiceDescriptor.Scoped<A, A>()); }"),
        new("ServiceDescriptor.Describe", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.Add(ServiceDescriptor.Describe(typeof(A), typeof(A), ServiceLifetime.Transient)); }"),
        new("new ServiceDescriptor", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.Add(new ServiceDescriptor(typeof(A), typeof(A), ServiceLifetime.Scoped)); }"),
        new("called as a plain static method", "class [|A|] { } class R { public void Add(IServiceCollection s) => ServiceCollectionServiceExtensions.AddScoped<A>(s); }"),
        new("a typed HTTP client", "class [|A|] { } class R { public void Add(IServiceCollection s) => s.AddHttpClient<A>(); }"));

    [Theory, MemberData(nameof(Registered))]
    public void IsRegisteredPerCall(Case row)
    {
        var lifetime = CallProbe.At(row).Lifetime();
        Assert.Equal(InstanceLifetimeKind.RegisteredPerCall, lifetime.Kind);
        Assert.NotNull(lifetime.Registration);
    }

    public static TheoryData<Case> FrameworkCreated => Case.For(
        new("a controller", "class [|C|] : ControllerBase { }"),
        new("a controller that is registered as scoped, too", "class [|C|] : ControllerBase { } class R { public void Add(IServiceCollection s) => s.AddScoped<C>(); }"),
        new("a page model", "class [|C|] : Microsoft.AspNetCore.Mvc.RazorPages.PageModel { }"),
        new("a hub", "class [|C|] : Microsoft.AspNetCore.SignalR.Hub { }"),
        new("a gRPC service", "[Grpc.Core.BindServiceMethod(typeof(string), \"Bind\")] class B { } class [|C|] : B { }"),
        new("a class of functions", "class [|F|] { [Microsoft.Azure.Functions.Worker.Function(\"ask\")] public void Run() { } }"),
        new("a request handler", "record Q : MediatR.IRequest<string>; class [|H|] : MediatR.IRequestHandler<Q, string> { public Task<string> Handle(Q q, CancellationToken c) => null!; }"),
        new("a consumer", "class [|C|] : MassTransit.IConsumer<string> { public Task Consume(MassTransit.ConsumeContext<string> c) => null!; }"),
        new("IMiddleware", "class [|M|] : IMiddleware { public Task InvokeAsync(HttpContext c, RequestDelegate n) => n(c); }"),
        new("a tool class", "class [|T|] { [ModelContextProtocol.Server.McpServerTool] public string Go() => \"\"; }"),
        new("a tool class given by type", "class [|T|] { [ModelContextProtocol.Server.McpServerTool] public string Go() => \"\"; } class R { public void Add(IMcpServerBuilder b) => b.WithTools<T>(); }"),
        new("a view component", "class [|V|] : ViewComponent { }"));

    [Theory, MemberData(nameof(FrameworkCreated))]
    public void IsFrameworkCreated(Case row) => Assert.Equal(InstanceLifetimeKind.FrameworkCreatedPerCall, CallProbe.At(row).Lifetime().Kind);

    public static TheoryData<Case> PerCallConstruction => Case.For(
        new("a controller's constructor", "class C : ControllerBase { public C() { [|Session.OpenAsync()|].Wait(); } }"),
        new("a controller's field", "class C : ControllerBase { private readonly Task<object> _s = [|Session.OpenAsync()|]; }"),
        new("a lazy in a controller's field", "class C : ControllerBase { private readonly Lazy<Task<object>> _s = new(() => [|Session.OpenAsync()|]); }"),
        new("a hub's property", "class C : Microsoft.AspNetCore.SignalR.Hub { public Task<object> S { get; } = [|Session.OpenAsync()|]; }"),
        new("a helper of a controller's constructor", "class C : ControllerBase { public C() => Open(); private void Open() => [|Session.OpenAsync()|].Wait(); }"),
        new("a primary constructor's base argument", """
            class B : ControllerBase { public B(object o) { } } class C() : B([|Session.OpenAsync()|]);
            """) { CSharp = 12 });

    [Theory, MemberData(nameof(PerCallConstruction))]
    public void ConstructionOfPerCallInstancesIsPerCall(Case row) => Assert.Equal(EvidenceStrength.FrameworkEntryPoint, CallProbe.At(row).Context().Strength);

    public static TheoryData<Case> RegisteredConstruction => Case.For(
        new("a scoped service's constructor", "class A { public A() { [|Session.OpenAsync()|].Wait(); } } class R { public void Add(IServiceCollection s) => s.AddScoped<A>(); }"),
        new("a scoped service's lazy", "class A { readonly Lazy<Task<object>> _s = new(() => [|Session.OpenAsync()|]); } class R { public void Add(IServiceCollection s) => s.AddScoped<A>(); }"),
        new("a transient factory", "class R { public void Add(IServiceCollection s) => s.AddTransient(async sp => await [|Session.OpenAsync()|]); }"),
        new("a scoped descriptor's factory", "class R { public void Add(IServiceCollection s) => s.Add(new ServiceDescriptor(typeof(object), sp => [|Session.OpenAsync()|], ServiceLifetime.Scoped)); }"));

    [Theory, MemberData(nameof(RegisteredConstruction))]
    public void ConstructionOfRegisteredInstancesIsLeftToTheRegistration(Case row) => Assert.Equal(EvidenceStrength.ShortLivedInstance, CallProbe.At(row).Context().Strength);

    [Fact]
    public void RegistrationsInOtherFilesCount() => Assert.Equal(
        InstanceLifetimeKind.RegisteredPerCall,
        CallProbe.At("class [|A|] { }", ["class R { public void Add(IServiceCollection s) => s.AddScoped<A>(); }"]).Lifetime().Kind);
}
