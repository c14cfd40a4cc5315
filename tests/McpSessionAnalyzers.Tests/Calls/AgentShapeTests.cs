using McpSessionAnalyzers.Calls;

namespace McpSessionAnalyzers.Tests.Calls;

/// <summary>Evidence 4. Names lie both ways; these are the lies.</summary>
public sealed class AgentShapeTests
{
    public static TheoryData<Case> NotPerCall => Case.For(
        new("a verb without an argument", "class A { public Task [|ProcessAsync|]() => Session.OpenAsync(); }"),
        new("a verb with a token only", "class A { public Task [|ExecuteAsync|](CancellationToken stoppingToken) => Session.OpenAsync(); }"),
        new("an agent's preparation", "class TravelAgent { public Task [|InitializeAsync|](string prompt) => Session.OpenAsync(); }"),
        new("an agent that connects", "class TravelAgent { public Task [|ConnectAsync|](string message) => Session.OpenAsync(); }"),
        new("an agent made from instructions", "class TravelAgent { public static Task [|CreateAsync|](string instructions) => Session.OpenAsync(); }"),
        new("an agent that ensures", "class TravelAgent { private protected Task [|EnsureClientAsync|](string question) => Session.OpenAsync(); }"),
        new("an agent's loading of its tools", "class TravelAgent { public Task [|LoadToolsAsync|](string query) => Session.OpenAsync(); }"),
        new("an agent's test", "class TravelAgent { public Task [|TestAsync|](string message) => Session.OpenAsync(); }"),
        new("a factory", "class AgentFactory { public Task [|Get|](string prompt) => Session.OpenAsync(); }"),
        new("a builder", "class AgentBuilder { public Task [|RunAsync|](string prompt) => Session.OpenAsync(); }"),
        new("a service says nothing", "class ChatService { public Task [|GetAnswerAsync|](string question) => Session.OpenAsync(); }"),
        new("a manager says nothing", "class AgentManager { public Task [|GetToolsAsync|](string request) => Session.OpenAsync(); }"),
        new("a helper says nothing", "class ChatHelper { public Task [|FetchAsync|](string text) => Session.OpenAsync(); }"),
        new("Run alone is a program", "class Demo { public Task [|RunAsync|](string prompt) => Session.OpenAsync(); }"),
        new("the command line", "class Program2 { public static Task [|ProcessArguments|](string[] args) => Session.OpenAsync(); }"),
        new("a server's command line", "class A { public Task [|CallAsync|](string command, string[] arguments) => Session.OpenAsync(); }"),
        new("a server's environment", "class A { public Task [|InvokeAsync|](Dictionary<string, string?> arguments) => Session.OpenAsync(); }"),
        new("an address", "class A { public Task [|QueryAsync|](Uri endpoint, string server) => Session.OpenAsync(); }"),
        new("a message bus", "class A { public Task [|SendAsync|](object messageBus) => Session.OpenAsync(); }"),
        new("a path of the input", "class A { public Task [|ConvertAsync|](string inputPath, string outputFile) => Session.OpenAsync(); }"),
        new("a stream of content", "class A { public Task [|ProcessAsync|](Stream content) => Session.OpenAsync(); }"),
        new("a system prompt", "class A { public Task [|GenerateAsync|](string systemPrompt) => Session.OpenAsync(); }"),
        new("an error message", "class A { public Task [|HandleAsync|](string errorMessage) => Session.OpenAsync(); }"),
        new("a welcome message", "class A { public Task [|SendAsync|](string welcomeMessage) => Session.OpenAsync(); }"),
        new("a request to connect", "record ConnectRequest; class A { public Task [|HandleAsync|](ConnectRequest request) => Session.OpenAsync(); }"),
        new("an initialize message", "record InitializeMessage; class A { public Task [|ProcessAsync|](InitializeMessage m) => Session.OpenAsync(); }"),
        new("a wait handle is no event", "class A { public Task [|HandleAsync|](ManualResetEvent done) => Session.OpenAsync(); }"),
        new("a database command", "class A { public Task [|ExecuteAsync|](System.Data.Common.DbCommand command) => Session.OpenAsync(); }"),
        new("a command-line command's parse result", "class A { public Task [|InvokeAsync|](System.CommandLine.ParseResult request) => Session.OpenAsync(); }"),
        new("a delegate", "class A { public Task [|InvokeAsync|](Func<string, Task> message) => Session.OpenAsync(); }"),
        new("options called request", "class ChatOptions2 { } class A { public Task [|SendAsync|](HttpClientTransportOptions request) => Session.OpenAsync(); }"),
        new("a transport called input", "class A { public Task [|CallAsync|](IClientTransport input) => Session.OpenAsync(); }"),
        new("a session called content", "class A { public Task [|CallAsync|](McpClient content) => Session.OpenAsync(); }"),
        new("a number called message", "class A { public Task [|SendAsync|](int message) => Session.OpenAsync(); }"),
        new("an enum called Event", "enum StartEvent { A } class B { public Task [|HandleAsync|](StartEvent e) => Session.OpenAsync(); }"),
        new("a phase in the name", "class A { public Task [|SendHandshakeAsync|](string message) => Session.OpenAsync(); }"),
        new("start-up in the name", "class A { public Task [|HandleStartupAsync|](string input) => Session.OpenAsync(); }"),
        new("once in the name", "class A { public Task [|ExecuteOnceAsync|](string query) => Session.OpenAsync(); }"),
        new("a callback is no call", "class A { public Task [|CallbackAsync|](string text) => Session.OpenAsync(); }"),
        new("a streamer is no stream", "class A { public Task [|Streamline|](string text) => Session.OpenAsync(); }"),
        new("an HTTP header's user agent", "class UserAgent { public Task [|WriteAsync|](string text) => Session.OpenAsync(); }"),
        new("a start-up handler", "class StartupHandler { public Task [|RunAsync|](string input) => Session.OpenAsync(); }"),
        new("a test's helper", "class AgentTests { public Task [|AskAsync|](string question) => Session.OpenAsync(); }"),
        new("a constructor of an agent", "class TravelAgent { public [|TravelAgent|](string prompt) => Session.OpenAsync(); }"),
        new("a property of an agent", "class TravelAgent { public Task [|Answer|] => Session.OpenAsync(); }"),
        new("an agent's reconnect", "class TravelAgent { public Task [|ReconnectAsync|](string message) => Session.OpenAsync(); }"),
        new("a list of inputs is a command line", "class A { public Task [|ProcessAsync|](List<string> inputs) => Session.OpenAsync(); }"),
        new("a task is not a text", "class TravelAgent { public Task [|RunAsync|](Task task) => Session.OpenAsync(); }"),
        new("a build agent is a machine", "class BuildAgent { public Task [|RunAsync|](string input) => Session.OpenAsync(); }"),
        new("a job's executor", "class JobExecutor { public Task [|RunAsync|](string input) => Session.OpenAsync(); }"),
        new("a command line's context", "class CommandContext { } class ServerStart { public Task [|ExecuteAsync|](CommandContext context) => Session.OpenAsync(); }"),
        new("a command line's command", "class AskCommand { public Task [|ExecuteAsync|](string question) => Session.OpenAsync(); }"),
        new("bytes", "class A { public Task [|SendAsync|](byte[] payload) => Session.OpenAsync(); }"),
        new("a message that comes out", "class A { public Task [|HandleAsync|](out string message) { message = \"\"; return Session.OpenAsync(); } }"));

    [Theory, MemberData(nameof(NotPerCall))]
    public void IsNotPerCall(Case row) => Assert.False(CallProbe.At(row).Context().IsPerCall);

    public static TheoryData<Case> PerCall => Case.For(
        new("Ask a question", "class A { public async Task<string> AskAsync(string question) { await [|Session.OpenAsync()|]; return \"\"; } }"),
        new("Chat a message, static", "class A { public static async Task Chat(string userMessage) { await [|Session.OpenAsync()|]; } }"),
        new("an extension method", "static class A { public static async Task SendAsync(this McpClient client, string prompt) { await [|Session.OpenAsync()|]; } }"),
        new("Stream as an iterator", "class A { public async IAsyncEnumerable<string> StreamAsync(string prompt) { await [|Session.OpenAsync()|]; yield return \"\"; } }"),
        new("Call a tool by name", "class A { public async Task CallToolAsync(string toolName, Dictionary<string, object?> arguments) { await [|Session.OpenAsync()|]; } }"),
        new("Invoke with JSON arguments", "class A { public async Task InvokeAsync(System.Text.Json.JsonElement args) { await [|Session.OpenAsync()|]; } }"),
        new("Execute a request by its type", "record SearchRequest; class A { public async Task ExecuteAsync(SearchRequest r) { await [|Session.OpenAsync()|]; } }"),
        new("Process a list of messages", "class A { public async Task ProcessAsync(IReadOnlyList<ChatMessage> list) { await [|Session.OpenAsync()|]; } }"),
        new("TryHandle", "class A { public async Task TryHandleAsync(string message) { await [|Session.OpenAsync()|]; } }"),
        new("OnMessage", "class A { public async Task OnMessageAsync(string text) { await [|Session.OpenAsync()|]; } }"),
        new("Run of an agent with a message", "class TravelAgent { public async Task RunAsync(string message) { await [|Session.OpenAsync()|]; } }"),
        new("an agent by its base class", "abstract class AgentBase { } class Travel : AgentBase { public async Task RunAsync(string goal) { await [|Session.OpenAsync()|]; } }"),
        new("an agent by its interface", "interface IAgent { } class Travel : IAgent { public async Task RunAsync(string input) { await [|Session.OpenAsync()|]; } }"),
        new("a generic request", "class Dispatcher<TRequest> { public async Task RunAsync(TRequest request) { await [|Session.OpenAsync()|]; } }"),
        new("an assistant that gets a reply", "class ShopAssistant { public async Task<string> GetReplyAsync(string utterance) { await [|Session.OpenAsync()|]; return \"\"; } }"),
        new("a handler of a command", "record PayCommand; class PayCommandHandler { public async Task RunAsync(PayCommand command) { await [|Session.OpenAsync()|]; } }"),
        new("an agent's task in words", "class TravelAgent { public async Task RunAsync(string task) { await [|Session.OpenAsync()|]; } }"),
        new("a conversation in texts", "class A { public async Task ChatAsync(IReadOnlyList<string> messages) { await [|Session.OpenAsync()|]; } }"),
        new("a handler of a user's query", "class UserQueryHandler { public async Task RunAsync(string query) { await [|Session.OpenAsync()|]; } }"),
        new("an agent for SQL", "class SqlAgent { public async Task RunAsync(string question) { await [|Session.OpenAsync()|]; } }"),
        new("summarize a text", "class A { public async Task SummarizeAsync(string text) { await [|Session.OpenAsync()|]; } }"),
        new("nested in a class called Program", "class Program2 { class ResearchAgent { public async Task ChatAsync(string question) { await [|Session.OpenAsync()|]; } } }"),
        new("a struct", "struct A { public async Task AskAsync(string question) { await [|Session.OpenAsync()|]; } }"),
        new("a retry loop in it", "class A { public async Task AskAsync(string question) { for (var attempt = 0; attempt < 3; attempt++) { await [|Session.OpenAsync()|]; } } }"),
        new("a closure in a retry in it", "class A { public Task AskAsync(string question, Func<Func<Task>, Task> retry) => retry(async () => { await [|Session.OpenAsync()|]; }); }"),
        new("a local function in it", "class A { public async Task AskAsync(string question) { await Open(); async Task Open() { await [|Session.OpenAsync()|]; } } }"),
        new("a lambda in a local function in it", "class A { public async Task AskAsync(string question) { await Go(); Task Go() => Task.Run(async () => { await [|Session.OpenAsync()|]; }); } }"));

    [Theory, MemberData(nameof(PerCall))]
    public void IsAgentMethod(Case row) => Assert.Equal(EvidenceStrength.AgentShape, CallProbe.At(row).Context().Strength);

    [Fact]
    public void NamesVerbAndArgument() =>
        Assert.Equal("an agent method: 'Ask' takes 'question'", CallProbe.At("class A { public Task [|AskAsync|](string question) => null!; }").Context().Reason);

    [Fact]
    public void NamesTheEventAndArgument() =>
        Assert.Equal("an agent method: 'OnMessageAsync' takes 'text'", CallProbe.At("class A { public Task [|OnMessageAsync|](string text) => null!; }").Context().Reason);

    [Fact]
    public void NamesTypeAndArgument() =>
        Assert.Equal("an agent method: 'TravelAgent' takes 'goal'", CallProbe.At("class TravelAgent { public Task [|RunAsync|](string goal) => null!; }").Context().Reason);

    [Theory]
    [InlineData("HandleUserMessageAsync", "handle user message")]
    [InlineData("OnHTTPRequest", "on http request")]
    [InlineData("_toolName2", "tool name")]
    [InlineData("async", "async")]
    [InlineData("snake_case_name", "snake case name")]
    [InlineData("MCP", "mcp")]
    [InlineData("", "")]
    public void SplitsWords(string identifier, string words) => Assert.Equal(words, string.Join(' ', Words.Of(identifier)));
}
