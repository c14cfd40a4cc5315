using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.OwnedSessionNotDisposedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.OwnedSessionNotDisposedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1103: the owner disposes it, where it ends already or in a <c>DisposeAsync</c> of its own.</summary>
public sealed class OwnedSessionNotDisposedFixTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new("its base ends in a way that can't be added to", """
            class AsyncBase : IAsyncDisposable { public ValueTask DisposeAsync() => default; }
            class A : AsyncBase { McpClient? [|_c|]; public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); }
            """),
        new("a struct is copied, a fixture ends by methods of its own", """
            class SetUpAttribute : Attribute { }
            struct S { McpClient? [|_c|]; public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); }
            class F { McpClient? [|_c|]; [SetUp] public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t); }
            """));

    public static TheoryData<Case> Fixed => Case.For(
        new("captured parameter", """
            public sealed class Agent(McpClient [|client|])
            {
                public async Task AskAsync() => await client.PingAsync();

                public static async Task<Agent> OpenAsync(IClientTransport t) => new(await McpClient.CreateAsync(t));
            }
            """, """
            public sealed class Agent(McpClient client) : IAsyncDisposable
            {
                public async Task AskAsync() => await client.PingAsync();

                public static async Task<Agent> OpenAsync(IClientTransport t) => new(await McpClient.CreateAsync(t));

                public ValueTask DisposeAsync() => client.DisposeAsync();
            }
            """) { CSharp = 12 },
        new("nothing disposes yet: sessions and collections", """
            public class A
            {
                private McpClient? [|_c|];
                private readonly List<McpClient> [|_all|] = new();
                private readonly Dictionary<string, McpClient> [|_map|] = new();

                public async Task M(IClientTransport t)
                {
                    _c ??= await McpClient.CreateAsync(t);
                    _all.Add(await McpClient.CreateAsync(t));
                    _map["a"] = await McpClient.CreateAsync(t);
                }
            }

            public class B
            {
                private McpClient? [|_last|];
                private readonly List<McpClient> [|_all|] = new();

                public async Task M(IClientTransport t)
                {
                    var client = await McpClient.CreateAsync(t);
                    _all.Add(client);
                    _last = client;
                }
            }

            public class C
            {
                public McpClient Client { get; private set; } = null!;
                public async Task M(IClientTransport t) => Other ??= await McpClient.CreateAsync(t);
                private McpClient? [|Other|] { get; set; }
            }
            """, """
            public class A : IAsyncDisposable
            {
                private McpClient? _c;
                private readonly List<McpClient> _all = new();
                private readonly Dictionary<string, McpClient> _map = new();

                public async Task M(IClientTransport t)
                {
                    _c ??= await McpClient.CreateAsync(t);
                    _all.Add(await McpClient.CreateAsync(t));
                    _map["a"] = await McpClient.CreateAsync(t);
                }

                public async ValueTask DisposeAsync()
                {
                    await (_c?.DisposeAsync() ?? default);
                    foreach (var session in _all)
                    {
                        await session.DisposeAsync();
                    }
                    foreach (var session in _map.Values)
                    {
                        await session.DisposeAsync();
                    }
                }
            }

            public class B : IAsyncDisposable
            {
                private McpClient? _last;
                private readonly List<McpClient> _all = new();

                public async Task M(IClientTransport t)
                {
                    var client = await McpClient.CreateAsync(t);
                    _all.Add(client);
                    _last = client;
                }

                public async ValueTask DisposeAsync()
                {
                    foreach (var session in _all)
                    {
                        await session.DisposeAsync();
                    }
                }
            }

            public class C : IAsyncDisposable
            {
                public McpClient Client { get; private set; } = null!;
                public async Task M(IClientTransport t) => Other ??= await McpClient.CreateAsync(t);
                private McpClient? Other { get; set; }

                public ValueTask DisposeAsync() => Other?.DisposeAsync() ?? default;
            }
            """),
        new("dispose methods that are there", """
            public sealed class A : IAsyncDisposable
            {
                private McpClient? [|_c|];
                private McpClient? _d;
                public async Task M(IClientTransport t) { _c ??= await McpClient.CreateAsync(t).ConfigureAwait(false); _d ??= await McpClient.CreateAsync(t); }

                public ValueTask DisposeAsync() => _d?.DisposeAsync() ?? default;
            }

            public sealed class B : IDisposable
            {
                private readonly SemaphoreSlim _gate = new(1);
                private McpClient? [|_c|];
                private McpSessions.SharedMcpSession? [|_s|];
                public async Task M(IClientTransport t) { _c ??= await McpClient.CreateAsync(t); _s = new McpSessions.SharedMcpSession(_ => t); }

                public void Dispose()
                {
                    _gate.Dispose();
                }
            }

            public class C : IAsyncDisposable
            {
                public async ValueTask DisposeAsync() { await DisposeAsyncCore(); GC.SuppressFinalize(this); }
                protected virtual ValueTask DisposeAsyncCore() => default;
            }

            public class D : C
            {
                private McpClient [|_c|] = null!;
                public async Task M(IClientTransport t) { _c = await McpClient.CreateAsync(t); }
            }
            """, """
            public sealed class A : IAsyncDisposable
            {
                private McpClient? _c;
                private McpClient? _d;
                public async Task M(IClientTransport t) { _c ??= await McpClient.CreateAsync(t).ConfigureAwait(false); _d ??= await McpClient.CreateAsync(t); }

                public async ValueTask DisposeAsync()
                {
                    await (_d?.DisposeAsync() ?? default);
                    await (_c?.DisposeAsync() ?? default).ConfigureAwait(false);
                }
            }

            public sealed class B : IDisposable, IAsyncDisposable
            {
                private readonly SemaphoreSlim _gate = new(1);
                private McpClient? _c;
                private McpSessions.SharedMcpSession? _s;
                public async Task M(IClientTransport t) { _c ??= await McpClient.CreateAsync(t); _s = new McpSessions.SharedMcpSession(_ => t); }

                public void Dispose()
                {
                    _gate.Dispose();
                    _s?.Dispose();
                }

                public async ValueTask DisposeAsync()
                {
                    await (_c?.DisposeAsync() ?? default);
                    Dispose();
                }
            }

            public class C : IAsyncDisposable
            {
                public async ValueTask DisposeAsync() { await DisposeAsyncCore(); GC.SuppressFinalize(this); }
                protected virtual ValueTask DisposeAsyncCore() => default;
            }

            public class D : C
            {
                private McpClient _c = null!;
                public async Task M(IClientTransport t) { _c = await McpClient.CreateAsync(t); }

                protected override async ValueTask DisposeAsyncCore()
                {
                    await (_c?.DisposeAsync() ?? default);
                    await base.DisposeAsyncCore();
                }
            }
            """),
        new("hosted services stop", """
            public class A : IHostedService
            {
                private readonly IClientTransport _t = null!;
                private McpClient? [|_c|];
                public async Task StartAsync(CancellationToken ct) => _c = await McpClient.CreateAsync(_t);
                public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
            }

            public class B : BackgroundService
            {
                private readonly IClientTransport _t = null!;
                private McpClient? [|_c|];
                protected override async Task ExecuteAsync(CancellationToken ct) => _c = await McpClient.CreateAsync(_t);
            }
            """, """
            public class A : IHostedService
            {
                private readonly IClientTransport _t = null!;
                private McpClient? _c;
                public async Task StartAsync(CancellationToken ct) => _c = await McpClient.CreateAsync(_t);
                public async Task StopAsync(CancellationToken ct)
                {
                    await (_c?.DisposeAsync() ?? default);
                }
            }

            public class B : BackgroundService
            {
                private readonly IClientTransport _t = null!;
                private McpClient? _c;
                protected override async Task ExecuteAsync(CancellationToken ct) => _c = await McpClient.CreateAsync(_t);

                public override async Task StopAsync(CancellationToken cancellationToken)
                {
                    await base.StopAsync(cancellationToken);
                    await (_c?.DisposeAsync() ?? default);
                }
            }
            """),
        new("tasks and lazies, a registered type, one that is made here", """
            public class A
            {
                private static readonly IClientTransport T = null!;
                private readonly Lazy<Task<McpClient>> [|_lazy|] = new(() => McpClient.CreateAsync(T));
                private Task<McpClient>? [|_task|];
                private readonly Dictionary<string, (McpClient Client, DateTime At)> [|_tuples|] = new();

                public async Task M()
                {
                    _task ??= McpClient.CreateAsync(T);
                    _tuples["a"] = (await McpClient.CreateAsync(T), DateTime.Now);
                }
            }

            public class B
            {
                private McpClient? [|_c|];
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);
            }

            public class C
            {
                private McpClient? [|client|];
                public async Task M(IClientTransport t) => this.client ??= await McpClient.CreateAsync(t);
            }

            static class Program2
            {
                static void Add(IServiceCollection s) => s.AddSingleton<B>();

                static async Task M(IClientTransport t)
                {
                    var c = new C();
                    await c.M(t);
                }
            }
            """, """
            public class A : IAsyncDisposable
            {
                private static readonly IClientTransport T = null!;
                private readonly Lazy<Task<McpClient>> _lazy = new(() => McpClient.CreateAsync(T));
                private Task<McpClient>? _task;
                private readonly Dictionary<string, (McpClient Client, DateTime At)> _tuples = new();

                public async Task M()
                {
                    _task ??= McpClient.CreateAsync(T);
                    _tuples["a"] = (await McpClient.CreateAsync(T), DateTime.Now);
                }

                public async ValueTask DisposeAsync()
                {
                    if (_lazy.IsValueCreated && _lazy.Value.IsCompletedSuccessfully)
                    {
                        await (await _lazy.Value).DisposeAsync();
                    }
                    if (_task is { IsCompletedSuccessfully: true })
                    {
                        await (await _task).DisposeAsync();
                    }
                    foreach (var session in _tuples.Values)
                    {
                        await session.Client.DisposeAsync();
                    }
                }
            }

            public class B : IAsyncDisposable, IDisposable
            {
                private McpClient? _c;
                public async Task M(IClientTransport t) => _c ??= await McpClient.CreateAsync(t);

                public ValueTask DisposeAsync() => _c?.DisposeAsync() ?? default;

                public void Dispose() => _ = Task.Run(async () => await DisposeAsync());
            }

            public class C : IAsyncDisposable
            {
                private McpClient? client;
                public async Task M(IClientTransport t) => this.client ??= await McpClient.CreateAsync(t);

                public ValueTask DisposeAsync() => this.client?.DisposeAsync() ?? default;
            }

            static class Program2
            {
                static void Add(IServiceCollection s) => s.AddSingleton<B>();

                static async Task M(IClientTransport t)
                {
                    await using var c = new C();
                    await c.M(t);
                }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task Disposes(Case test) => Verify.VerifyCodeFixAsync(test);
}
