using McpSessionAnalyzers.Calls;

namespace McpSessionAnalyzers.Tests.Calls;

/// <summary>Evidence 1: what frameworks call once per request or event, and what stands beside it without being called so.</summary>
public sealed class EntryPointTests
{
    public static TheoryData<Case> NotPerCall => Case.For(
        new("a NonAction method of a controller", """
            class ChatController : ControllerBase { [NonAction] public Task [|Warm|]() => Session.OpenAsync(); }
            """),
        new("an override of a NonAction method", """
            class B : ControllerBase { [NonAction] public virtual Task Warm() => Task.CompletedTask; } class C : B { public override Task [|Warm|]() => Session.OpenAsync(); }
            """),
        new("a protected helper of a controller that nobody calls", """
            class ChatController : ControllerBase { protected Task [|Open|]() => Session.OpenAsync(); }
            """),
        new("a controller's Dispose", """
            class ChatController : Controller { protected override void [|Dispose|](bool disposing) => Session.OpenAsync(); }
            """),
        new("a static method of a controller", """
            class ChatController : ControllerBase { public static Task [|Open|]() => Session.OpenAsync(); }
            """),
        new("a page model's method that is no handler", """
            class IndexModel : Microsoft.AspNetCore.Mvc.RazorPages.PageModel { public Task [|OnlyOnce|]() => Session.OpenAsync(); }
            """),
        new("a hub's connection: the session may well be kept for it", """
            class ChatHub : Microsoft.AspNetCore.SignalR.Hub { public override async Task OnConnectedAsync() { await [|Session.OpenAsync()|]; } }
            """),
        new("a virtual method of a class that only looks generated", """
            class GreeterBase { public virtual Task Hello() => Task.CompletedTask; }
            class Greeter : GreeterBase { public override Task [|Hello|]() => Session.OpenAsync(); }
            """),
        new("Invoke(HttpContext) outside of middleware", """
            class Renderer { public Task [|Invoke|](object view) => Session.OpenAsync(); }
            """),
        new("ApplicationStarted", """
            var app = WebApplication.Create();
            app.Lifetime.ApplicationStarted.Register(async () => { await [|Session.OpenAsync()|]; });
            """),
        new("ProcessExit", """
            AppDomain.CurrentDomain.ProcessExit += async (_, _) => { await [|Session.OpenAsync()|]; };
            """),
        new("CancelKeyPress", """
            Console.CancelKeyPress += async (_, _) => { await [|Session.OpenAsync()|]; };
            """),
        new("a reconnect event", """
            class Link { public event Func<Task>? Reconnected; public void Wire() => Reconnected += async () => { await [|Session.OpenAsync()|]; }; }
            """),
        new("a timer that fires once", """
            class Warmup { Timer? _t; public void Go() => _t = new Timer(async _ => { await [|Session.OpenAsync()|]; }, null, 1000, Timeout.Infinite); }
            """),
        new("the branch that app.Map configures", """
            var app = WebApplication.Create();
            app.Map(new PathString("/x"), branch => { [|Session.OpenAsync()|].Wait(); });
            """),
        new("a group's set-up", """
            var app = WebApplication.Create();
            var group = app.MapGroup("/x");
            await [|Session.OpenAsync()|];
            """),
        new("the factory of a chat client pipeline", """
            class P { public void Build(ChatClientBuilder b) => b.Use(inner => { [|Session.OpenAsync()|].Wait(); return inner; }); }
            """),
        new("a health check", """
            class Alive : Microsoft.Extensions.Diagnostics.HealthChecks.IHealthCheck
            {
                public async Task<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult> CheckHealthAsync(Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckContext context, CancellationToken ct)
                { await [|Session.OpenAsync()|]; return default; }
            }
            """),
        new("a Blazor component's initialization: once per component", """
            class Chat : Microsoft.AspNetCore.Components.ComponentBase { protected override async Task OnInitializedAsync() { await [|Session.OpenAsync()|]; } }
            """),
        new("a grain's activation", """
            class ChatGrain : Orleans.Grain { public override async Task OnActivateAsync(CancellationToken ct) { await [|Session.OpenAsync()|]; } }
            """),
        new("a UI command that connects", """
            class Vm { [CommunityToolkit.Mvvm.Input.RelayCommand] private async Task ConnectAsync() { await [|Session.OpenAsync()|]; } }
            """),
        new("the window has loaded", """
            class Window { public event EventHandler? Loaded; public Window() { Loaded += OnLoaded; } private async void OnLoaded(object? s, EventArgs e) { await [|Session.OpenAsync()|]; } }
            """),
        new("a server has started", """
            class Monitor { public event Action? ServerStarted; public void Wire() => ServerStarted += async () => { await [|Session.OpenAsync()|]; }; }
            """),
        new("settings have changed", """
            class Monitor { public event Action? SettingsChanged; public void Wire() => SettingsChanged += async () => { await [|Session.OpenAsync()|]; }; }
            """),
        new("an event handler by its looks that connects", """
            class W { private async void ConnectButton_Click(object? sender, EventArgs e) { await [|Session.OpenAsync()|]; } }
            """),
        new("an event handler by its looks that loads the window", """
            class W { private async void Window_Loaded(object? sender, EventArgs e) { await [|Session.OpenAsync()|]; } }
            """),
        new("a request delegate in a class that is no middleware", """
            class Pipeline { public Pipeline(RequestDelegate next) { } public async Task RunAsync(HttpClient http) { await [|Session.OpenAsync()|]; } }
            """),
        new("a method of an interface's name that nobody maps", """
            interface IJobs { Task Go(); } class Jobs : IJobs { public async Task Go() { await [|Session.OpenAsync()|]; } }
            """),
        new("a type of one's own called Timer", """
            class Timer { public Timer(Func<object?, Task> run, object? state, int due, int period) { } }
            class A { public Timer Make() => new Timer(async _ => { await [|Session.OpenAsync()|]; }, null, 0, 1000); }
            """),
        new("a MapPost of one's own", """
            class Site { public void MapPost(string path, Func<Task> run) { } }
            class A { public void Make(Site site) => site.MapPost("/x", async () => { await [|Session.OpenAsync()|]; }); }
            """));

    [Theory, MemberData(nameof(NotPerCall))]
    public void IsNotPerCall(Case row) => Assert.False(CallProbe.At(row).Context().IsPerCall);

    public static TheoryData<Case> PerCall => Case.For(
        new("a controller action", """
            class ChatController : ControllerBase { public async Task Ask(string question) { await [|Session.OpenAsync()|]; } }
            """),
        new("an action of a class that is a controller by attribute", """
            [ApiController] class Chat { public async Task Get() { await [|Session.OpenAsync()|]; } }
            """),
        new("an action inherited from an abstract controller", """
            abstract class BaseController : ControllerBase { public async Task Get() { await [|Session.OpenAsync()|]; } }
            """),
        new("a Razor Page handler", """
            class IndexModel : Microsoft.AspNetCore.Mvc.RazorPages.PageModel { public async Task OnPostSearchAsync() { await [|Session.OpenAsync()|]; } }
            """),
        new("a hub method", """
            class ChatHub : Microsoft.AspNetCore.SignalR.Hub { public async Task Say(string text) { await [|Session.OpenAsync()|]; } }
            """),
        new("a gRPC method", """
            [Grpc.Core.BindServiceMethod(typeof(string), "Bind")] abstract class GreeterBase { public virtual Task Hello(object r, Grpc.Core.ServerCallContext c) => Task.CompletedTask; }
            class Greeter : GreeterBase { public override async Task Hello(object r, Grpc.Core.ServerCallContext c) { await [|Session.OpenAsync()|]; } }
            """),
        new("an Azure Function", """
            class F { [Microsoft.Azure.Functions.Worker.Function("ask")] public async Task Run(string input) { await [|Session.OpenAsync()|]; } }
            """),
        new("IMiddleware", """
            class M : IMiddleware { public async Task InvokeAsync(HttpContext context, RequestDelegate next) { await [|Session.OpenAsync()|]; } }
            """),
        new("middleware by convention", """
            class M { readonly RequestDelegate _next; public M(RequestDelegate next) => _next = next; public async Task Invoke(HttpContext context) { await [|Session.OpenAsync()|]; } }
            """),
        new("a minimal API lambda", """
            var app = WebApplication.Create();
            app.MapPost("/chat", async (string question) => { await [|Session.OpenAsync()|]; });
            """),
        new("a minimal API lambda in a group", """
            var app = WebApplication.Create();
            app.MapGroup("/v1").MapGet("/chat", async () => { await [|Session.OpenAsync()|]; });
            """),
        new("a minimal API lambda through a variable", """
            var app = WebApplication.Create();
            Func<string, Task> ask = async question => { await [|Session.OpenAsync()|]; };
            app.MapPost("/chat", ask);
            """),
        new("a local function given to MapPost", """
            var app = WebApplication.Create();
            app.MapPost("/chat", AskAsync);
            async Task AskAsync(string question) { await [|Session.OpenAsync()|]; }
            """),
        new("a local function that is called from the endpoint", """
            var app = WebApplication.Create();
            app.MapPost("/chat", async (string question) => await Open());
            async Task Open() { await [|Session.OpenAsync()|]; }
            """),
        new("a variable's lambda that is called from the endpoint", """
            var app = WebApplication.Create();
            var open = async () => { await [|Session.OpenAsync()|]; };
            app.MapPost("/chat", async (string question) => await open());
            """),
        new("a public method of another class given to MapPost", """
            var app = WebApplication.Create();
            app.MapPost("/chat", Endpoints.Go);
            static class Endpoints { public static async Task Go() { await [|Session.OpenAsync()|]; } }
            """),
        new("a private method given to MapMethods through a variable", """
            static class Endpoints
            {
                public static void Add(IEndpointRouteBuilder routes) { Func<Task> go = Go; routes.MapMethods("/x", new[] { "GET" }, go); }
                private static async Task Go() { await [|Session.OpenAsync()|]; }
            }
            """),
        new("an interface's method given to MapPost", """
            var app = WebApplication.Create();
            IJobs jobs = new Jobs();
            app.MapPost("/chat", jobs.Go);
            interface IJobs { Task Go(); }
            class Jobs : IJobs { public async Task Go() { await [|Session.OpenAsync()|]; } }
            """),
        new("app.Use", """
            var app = WebApplication.Create();
            app.Use(async (context, next) => { await [|Session.OpenAsync()|]; await next(context); });
            """),
        new("the request delegate inside app.Use(next => …)", """
            var app = WebApplication.Create();
            ((IApplicationBuilder)app).Use(next => async context => { await [|Session.OpenAsync()|]; await next(context); });
            """),
        new("app.Run", """
            var app = WebApplication.Create();
            app.Run(async context => { await [|Session.OpenAsync()|]; });
            """),
        new("an endpoint filter", """
            var app = WebApplication.Create();
            app.MapGet("/", () => "x").AddEndpointFilter(async (context, next) => { await [|Session.OpenAsync()|]; return await next(context); });
            """),
        new("IEndpointFilter", """
            class F : IEndpointFilter { public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) { await [|Session.OpenAsync()|]; return null; } }
            """),
        new("an authorization handler", """
            class Requirement : Microsoft.AspNetCore.Authorization.IAuthorizationRequirement { }
            class H : Microsoft.AspNetCore.Authorization.AuthorizationHandler<Requirement>
            {
                protected override async Task HandleRequirementAsync(Microsoft.AspNetCore.Authorization.AuthorizationHandlerContext context, Requirement requirement) { await [|Session.OpenAsync()|]; }
            }
            """),
        new("a MediatR handler", """
            record Ask : MediatR.IRequest<string>;
            class H : MediatR.IRequestHandler<Ask, string> { public async Task<string> Handle(Ask request, CancellationToken ct) { await [|Session.OpenAsync()|]; return ""; } }
            """),
        new("a MassTransit consumer, explicitly implemented", """
            class C : MassTransit.IConsumer<string> { async Task MassTransit.IConsumer<string>.Consume(MassTransit.ConsumeContext<string> context) { await [|Session.OpenAsync()|]; } }
            """),
        new("a bot's message handler", """
            class Bot : Microsoft.Bot.Builder.ActivityHandler
            {
                protected override async Task OnMessageActivityAsync(Microsoft.Bot.Builder.ITurnContext<object> turnContext, CancellationToken ct) { await [|Session.OpenAsync()|]; }
            }
            """),
        new("a delegating handler", """
            class H : DelegatingHandler { protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) { await [|Session.OpenAsync()|]; return new(); } }
            """),
        new("a service operation", """
            [System.ServiceModel.ServiceContract] interface IChat { [System.ServiceModel.OperationContract] Task Go(); }
            class Chat : IChat { public async Task Go() { await [|Session.OpenAsync()|]; } }
            """),
        new("a grain method", """
            interface IChatGrain : Orleans.IGrainWithStringKey { Task Go(); }
            class ChatGrain : Orleans.Grain, IChatGrain { public async Task Go() { await [|Session.OpenAsync()|]; } }
            """),
        new("an event's lambda, in a constructor", """
            class Box { public event EventHandler? Sent; public Box() { Sent += async (_, _) => { await [|Session.OpenAsync()|]; }; } }
            """),
        new("an event's method", """
            class Box { public event EventHandler? Sent; public Box() { Sent += OnSent; } private async void OnSent(object? sender, EventArgs e) { await [|Session.OpenAsync()|]; } }
            """),
        new("an event's handler in another partial file's style: new EventHandler(method)", """
            class Box { public event EventHandler? Click; public Box() { this.Click += new EventHandler(this.Button_Click); } private async void Button_Click(object? sender, EventArgs e) { await [|Session.OpenAsync()|]; } }
            """),
        new("a timer's lambda", """
            class Poll { Timer? _t; public void Go() => _t = new Timer(async _ => { await [|Session.OpenAsync()|]; }, null, 0, 1000); }
            """),
        new("a timer's method", """
            class Poll { Timer? _t; public void Go() => _t = new Timer(Tick, null, TimeSpan.Zero, TimeSpan.FromMinutes(1)); private async void Tick(object? state) { await [|Session.OpenAsync()|]; } }
            """),
        new("System.Timers.Timer.Elapsed", """
            class Poll { public void Go(System.Timers.Timer t) => t.Elapsed += async (_, _) => { await [|Session.OpenAsync()|]; }; }
            """),
        new("a Blazor event handler in generated code", """
            class Chat : Microsoft.AspNetCore.Components.ComponentBase
            {
                protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder b)
                    => b.AddAttribute(1, "onclick", Microsoft.AspNetCore.Components.EventCallback.Factory.Create(this, Go));
                private async Task Go() { await [|Session.OpenAsync()|]; }
            }
            """),
        new("called from JavaScript", """
            class Chat { [Microsoft.JSInterop.JSInvokable] public async Task Go() { await [|Session.OpenAsync()|]; } }
            """),
        new("an MCP sampling handler", """
            class A { public McpClientOptions Make() => new() { Handlers = new() { SamplingHandler = async (p, progress, ct) => { await [|Session.OpenAsync()|]; return null!; } } }; }
            """),
        new("MCP notification handlers in a collection", """
            class A
            {
                public McpClientHandlers Make() => new()
                {
                    NotificationHandlers = new Dictionary<string, Func<JsonRpcNotification, CancellationToken, ValueTask>> { ["x"] = async (n, ct) => { await [|Session.OpenAsync()|]; } },
                };
            }
            """),
        new("MCP notification handlers in key-value pairs", """
            class A
            {
                public void Set(McpClientHandlers handlers) => handlers.NotificationHandlers =
                    new KeyValuePair<string, Func<JsonRpcNotification, CancellationToken, ValueTask>>[] { new("x", async (n, ct) => { await [|Session.OpenAsync()|]; }) };
            }
            """),
        new("MCP notification handlers in a collection expression", """
            class A
            {
                public McpClientHandlers Make() => new() { NotificationHandlers = [new("x", async (n, ct) => { await [|Session.OpenAsync()|]; })] };
            }
            """) { CSharp = 12 },
        new("RegisterNotificationHandler", """
            class A { public void Wire(McpClient client) => client.RegisterNotificationHandler("x", async (n, ct) => { await [|Session.OpenAsync()|]; }); }
            """),
        new("an MCP server's call handler", """
            class A { public void Wire(IMcpServerBuilder b) => b.WithCallToolHandler(async (request, ct) => { await [|Session.OpenAsync()|]; return null!; }); }
            """),
        new("a UI command", """
            class Vm { [CommunityToolkit.Mvvm.Input.RelayCommand] private async Task AskAsync() { await [|Session.OpenAsync()|]; } }
            """),
        new("middleware of a chat client pipeline", """
            class P { public void Build(ChatClientBuilder b) => b.Use(async (messages, options, inner, ct) => { await [|Session.OpenAsync()|]; return await inner.GetResponseAsync(messages, options, ct); }); }
            """),
        new("a retry lambda in an action", """
            class ChatController : ControllerBase
            {
                public async Task Ask(Polly.ResiliencePipeline retry) => await retry.ExecuteAsync(async ct => { await [|Session.OpenAsync()|]; });
            }
            """),
        new("a message handler by its mark", """
            class H : Wolverine.IWolverineHandler { public async Task Handle(object order) { await [|Session.OpenAsync()|]; } }
            """),
        new("an iterator action", """
            class ChatController : ControllerBase { public async IAsyncEnumerable<int> Ask() { await [|Session.OpenAsync()|]; yield return 1; } }
            """));

    [Theory, MemberData(nameof(PerCall))]
    public void IsFrameworkEntryPoint(Case row)
    {
        var context = CallProbe.At(row).Context();
        Assert.Equal(CallFrequency.PerCall, context.Frequency);
        Assert.Equal(EvidenceStrength.FrameworkEntryPoint, context.Strength);
    }

    // Subscribed in XAML or a designer file that nobody sees: its shape is all there is.
    [Fact]
    public void AnEventHandlerIsKnownByItsShape()
    {
        var context = CallProbe.At("class W { private async void Send_Click(object? sender, EventArgs e) { await [|Session.OpenAsync()|]; } }").Context();
        Assert.Equal((EvidenceStrength.AgentShape, "an event handler"), (context.Strength, context.Reason));
    }

    [Fact]
    public void SaysWhat()
    {
        Assert.Equal("a controller action", Reason("class C : ControllerBase { public Task [|Get|]() => null!; }"));
        Assert.Equal("a minimal API endpoint", Reason("var app = WebApplication.Create(); app.MapGet(\"/\", () => [|1|]);"));
        Assert.Equal("subscribed to the event 'Sent'", Reason("class B { public event Action? Sent; public B() { Sent += () => [|Session.OpenAsync()|].Wait(); } }"));

        static string Reason(string source) => CallProbe.At(source).Context().Reason;
    }
}
